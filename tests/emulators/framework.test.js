// Conversations through alexa-skill-test-framework, in Mocha: it makes its requests of intents and slots, keeps the
// session, and holds every answer to a rule of its own, that a session stays open if and only if something was asked.
const framework = require("alexa-skill-test-framework");

// The skill as a module with a handler, which is what it tests: the web service at SKILL_URL answers.
const skill = {
  handler: async (envelope) => {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(process.env.SKILL_URL, { method: "POST", headers, body: JSON.stringify(envelope) });
    return answer.json();
  },
};
framework.initialize(skill, "amzn1.ask.skill.00000000-0000-0000-0000-000000000000", "amzn1.ask.account.TESTS");
framework.setMockContextOptions({ timeout: 60 });

const open = { request: framework.getLaunchRequest(), saysLike: "Stand up slowly", repromptsLike: "heel" };
const intent = (name, slots) => framework.getIntentRequest(name, slots);
const resolved = (name, slot, type, word, id) =>
  framework.addEntityResolutionToRequest(intent(name), slot, type, word, id);

describe("Cramp Coach", function () {
  this.timeout(0);

  framework.test(
    [
      { ...open, shouldEndSession: false },
      { request: intent("CannotStandIntent"), saysLike: "toes up", hasAttributes: { place: "relief" } },
      { request: intent("AMAZON.RepeatIntent"), saysLike: "toes up" },
      { request: intent("AMAZON.FallbackIntent"), saysLike: "Sorry" },
      { request: resolved("CrampNowIntent", "muscle", "Muscle", "arch", "foot"), saysLike: "toes back" },
      { request: intent("BetterIntent"), saysLike: "edical advice", repromptsLike: "doctor" },
      { request: resolved("TopicIntent", "topic", "Topic", "magnesium", "magnesium"), saysLike: "most trials" },
      { request: intent("AMAZON.StopIntent"), shouldEndSession: true },
    ],
    "coaches a cramp until it's gone",
  );

  framework.test(
    [
      { ...open, shouldEndSession: false },
      { request: intent("ChestSignIntent"), saysLike: "your local emergency number" },
      { request: intent("AMAZON.NextIntent"), saysLike: "your local emergency number" },
      { request: framework.getSessionEndedRequest("USER_INITIATED"), saysNothing: true, repromptsNothing: true },
    ],
    "stops at a warning sign",
  );
});
