import assert from "node:assert/strict";
import test from "node:test";
import { fuzz } from "../fuzz/fuzz.js";
import { fuzzedReaders } from "../fuzz/readers.js";
import { inTemporaryFolder } from "../support/temporary.js";

/** The number of cases per reader. `npm run fuzz` runs the same readers for longer. */
const cases = 2500;
const seed = 1;

for (const [name, reader] of Object.entries(fuzzedReaders)) {
  test(`${name}: a damaged file is read or refused with a ModelError, in bounded time and memory`, (t) =>
    inTemporaryFolder((folder) => {
      const run = fuzz(name, reader, { seed, first: 0, isDone: (done) => done === cases, folder });
      assert.equal(run.cases, cases);
      assert.ok(run.accepted < cases, "the mutations change nothing");
      t.diagnostic(`seed ${seed}: ${run.cases} cases, ${run.accepted} of them read`);
    }));
}
