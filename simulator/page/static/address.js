// The address of a state: what was done to come there, as the fragment of this page's own address.
// #device=show-8&locale=en-GB&say=open+cramp+coach&silent=&touch=["Next"]

export class AddressError extends Error {}

/** The fragment for a conversation on a device, "" for one that has not begun. */
export function addressOf({ locale, device, acts }) {
  if (!acts.length) return "";
  const parts = new URLSearchParams({ device, locale });
  for (const act of acts) {
    const [[name, value]] = Object.entries(act);
    parts.append(name, name === "say" ? value : name === "silent" ? "" : JSON.stringify(value));
  }
  return `#${parts}`;
}

/** What a fragment asks for: {locale?, device?, acts}. Throws AddressError if that is no state. */
export function stateAt(fragment) {
  const state = { acts: [] };
  for (const [name, value] of new URLSearchParams(fragment.replace(/^#/, ""))) {
    if (name === "device" || name === "locale") state[name] = value;
    else if (name === "say" && value.trim()) state.acts.push({ say: value });
    else if (name === "silent") state.acts.push({ silent: true });
    else if (name === "touch" || name === "request") state.acts.push({ [name]: parsed(name, value) });
    else throw new AddressError(`There is no such state: its address says “${name}”, which nobody can do.`);
  }
  return state;
}

function parsed(name, value) {
  try {
    return JSON.parse(value);
  } catch {
    throw new AddressError(`There is no such state: the ${name} in its address is not JSON.`);
  }
}
