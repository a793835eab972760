import assert from "node:assert/strict";
import test from "node:test";
import { ReadingOrder } from "../../src/core/states/readingOrder.js";

type Event = `${"opened" | "closed" | "focused" | "workedIn"} ${string}`;

for (const [claim, events, expected] of [
  ["of documents that are only open, the last", ["opened a", "opened b"], "b"],
  ["no document that is only open, if that one was closed", ["opened a", "opened b", "closed b"], ""],
  ["the document worked in last, then the others worked in", ["workedIn a", "workedIn b", "workedIn c"], "c a b"],
  [
    "a document that was worked in, although others were focused or opened later",
    ["opened a", "workedIn a", "workedIn b", "opened c"],
    "b a c",
  ],
  ["once a focus is known, no document that is only open", ["opened a", "focused b", "opened c"], "b"],
  ["then only documents that were focused since", ["workedIn a", "focused b", "focused c"], "c b"],
  ["after the focused document was closed, the others", ["workedIn a", "workedIn b", "closed b"], "a"],
] as const satisfies [string, Event[], string][]) {
  test(`read in the background: ${claim}`, () => {
    assert.deepEqual([...orderAfter(events).documents(false)].join(" "), expected);
  });
}

test("to save power, only the focused document is read", () => {
  const events = ["opened a", "workedIn b", "workedIn c"] as const;
  assert.deepEqual([...orderAfter(events).documents(true)], ["c"]);
  assert.deepEqual([...orderAfter(["opened a"]).documents(true)], []);
});

function orderAfter(events: readonly Event[]): ReadingOrder<string> {
  const order = new ReadingOrder<string>();
  for (const event of events) {
    const [kind, name] = event.split(" ") as ["opened" | "closed" | "focused" | "workedIn", string];
    order[kind](name);
  }
  return order;
}
