import assert from "node:assert/strict";
import test from "node:test";
import { RequestOutcomes } from "../../src/extension/requestOutcomes.js";

/** A `RequestOutcomes` with listeners. `calls` returns the calls of the listeners since it was last called. */
function outcomes() {
  const happened: string[] = [];
  const all = new RequestOutcomes({
    onNothing: ({ reason }) => happened.push(reason),
    onChange: () => happened.push("change"),
  });
  return { all, calls: () => happened.splice(0) };
}

const [a, b] = ["file:///a", "file:///b"];

test("the last outcome is kept for each document and for all, and each change is reported once", () => {
  const { all, calls } = outcomes();
  assert.deepEqual([all.last, all.lastIn(a)], [undefined, undefined]);
  all.nothing(a, { reason: "midLine" });
  assert.deepEqual([all.last, all.lastIn(a), all.lastIn(b), calls()], [{ reason: "midLine" }, { reason: "midLine" }, undefined, ["midLine", "change"]]); // prettier-ignore
  all.nothing(a, { reason: "midLine" });
  assert.deepEqual(calls(), ["midLine"]);
  all.nothing(a, { reason: "belowThreshold", correctness: 0.2, threshold: 0.4 });
  all.nothing(a, { reason: "belowThreshold", correctness: 0.3, threshold: 0.4 });
  assert.deepEqual(calls(), ["belowThreshold", "change", "belowThreshold", "change"]);
  all.shown(b);
  assert.deepEqual([all.last, all.lastIn(a)?.correctness, calls()], [undefined, 0.3, []]);
  all.shown(a);
  assert.deepEqual([all.lastIn(a), calls()], [undefined, ["change"]]);
});

test("a closed document has no outcome", () => {
  const { all } = outcomes();
  all.nothing(a, { reason: "midLine" });
  all.closed(a);
  assert.deepEqual([all.lastIn(a), all.last], [undefined, { reason: "midLine" }]);
});

for (const reason of ["allOff", "languageOff", "automaticOff"] as const) {
  test(`a request that was not sent because of ${reason} is counted, but the last outcome stays`, () => {
    const { all, calls } = outcomes();
    all.nothing(a, { reason: "midLine" });
    calls();
    all.notSent(a, reason);
    assert.deepEqual([all.last, all.lastIn(a), calls()], [{ reason: "midLine" }, { reason: "midLine" }, [reason]]);
    assert.deepEqual(all.counts(), [[reason, 1]]);
  });
}

test("requests that were not sent are added to those of the server, the most frequent first", () => {
  const { all } = outcomes();
  assert.deepEqual(all.counts(), []);
  for (const reason of ["noModel", "excluded", "noModel", "excluded", "excluded"] as const) all.notSent(a, reason);
  assert.deepEqual(all.last, { reason: "excluded" });
  assert.deepEqual(all.counts(), [["excluded", 3], ["noModel", 2]]); // prettier-ignore
  assert.deepEqual(all.counts({ midLine: 9, noModel: 2 }), [["midLine", 9], ["noModel", 4], ["excluded", 3]]); // prettier-ignore
});
