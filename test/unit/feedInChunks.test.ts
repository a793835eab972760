import assert from "node:assert/strict";
import test from "node:test";
import type { TokenId, Want } from "../../src/core/model.js";
import { feedInChunks } from "../../src/rwkv/feedInChunks.js";

const vocabularySize = 3;

/**
 * Reads tokens in chunks of at most two. The logits after a token all equal the token.
 * @returns the runs, as "tokens want", and the logits, or the error's name.
 */
async function fed(tokens: readonly number[], want: Want, cancelAfter = Infinity) {
  const runs: string[] = [];
  const cancellation = {
    get isCancellationRequested() {
      return runs.length >= cancelAfter;
    },
  };
  const sizes = { chunkTokens: 2, vocabularySize, cancellation };
  const reading = feedInChunks(tokens as readonly TokenId[], want, sizes, async (chunk, wanted) => {
    runs.push(`${chunk.join()} ${wanted}`);
    const rows = wanted === "all" ? chunk : wanted === "last" ? chunk.slice(-1) : [];
    return Float32Array.from(rows.flatMap((token) => Array<number>(vocabularySize).fill(token)));
  });
  const logits = await reading.catch((error: unknown) => (error as Error).name);
  return [runs, typeof logits === "string" ? logits : [...logits]];
}

const cases: readonly (readonly [string, number[], Want, readonly string[], unknown])[] = [
  ["only the last run gives the last logits", [1, 2, 0, 1, 2], "last", ["1,2 none", "0,1 none", "2 last"], [2, 2, 2]],
  ["a whole last chunk too", [0, 1, 2, 0], "last", ["0,1 none", "2,0 last"], [0, 0, 0]],
  ["every run gives all of its logits", [1, 2, 0], "all", ["1,2 all", "0 all"], [1, 1, 1, 2, 2, 2, 0, 0, 0]],
  ["no run gives logits that nobody wants", [1, 2, 0], "none", ["1,2 none", "0 none"], []],
  ["no tokens are no run", [], "all", [], []],
  ["no tokens have no last logits", [], "last", [], []],
  ["the last token of the vocabulary is accepted", [2], "last", ["2 last"], [2, 2, 2]],
  ["a token past the vocabulary is an error before the first run", [1, 1, 3], "last", [], "RangeError"],
  ["a negative token is an error", [-1], "last", [], "RangeError"],
  ["half a token is an error", [0.5], "last", [], "RangeError"],
  ["a value that is not a number is an error", [NaN], "last", [], "RangeError"],
];

for (const [claim, tokens, want, runs, logits] of cases) {
  test(`reading in chunks: ${claim}`, async () => {
    assert.deepEqual(await fed(tokens, want), [runs, logits]);
  });
}

test("a cancelled reading begins no further run", async () => {
  assert.deepEqual(await fed([0, 1, 2], "last", 0), [[], "Cancelled"]);
  assert.deepEqual(await fed([0, 1, 2], "last", 1), [["0,1 none"], "Cancelled"]);
});
