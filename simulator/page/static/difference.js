// What differs between two values of JSON, leaf by leaf.

const NEVER_THE_SAME = /\.(?:requestId|timestamp)$/;

/** Rows of {path, was, is}: `was` is undefined for what is new, `is` for what is gone. Both are JSON. */
export function differences(before, after) {
  const [old, now] = [leaves(before), leaves(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => old.get(path) !== now.get(path) && !NEVER_THE_SAME.test(path))
    .map((path) => ({ path, was: old.get(path), is: now.get(path) }));
}

function leaves(value, path = "", found = new Map()) {
  const isLeaf = value === null || typeof value !== "object" || !Object.keys(value).length;
  if (isLeaf) return found.set(path, JSON.stringify(value));
  for (const [key, part] of Object.entries(value)) leaves(part, path ? `${path}.${key}` : key, found);
  return found;
}
