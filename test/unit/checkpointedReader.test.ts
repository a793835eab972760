import assert from "node:assert/strict";
import test from "node:test";
import type { Reader, TokenId, Want } from "../../src/core/model.js";
import { CheckpointedReader, type SavePolicy } from "../../src/core/states/checkpointedReader.js";
import { emptyBlockHash, TokenPrefix } from "../../src/core/tokens/tokenPrefix.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { FakeModel } from "../support/fakeModel.js";
import { testInference } from "../support/testInference.js";

const tokens = (count: number): TokenId[] => Array.from({ length: count }, (_, i) => (i + 6) as TokenId);
const cancellation = neverCancelled;

/**
 * A reader whose clock advances by 5 ms whenever the time is queried, and a record of the logits that each run was
 * asked for.
 */
function opened() {
  const wanted: Want[] = [];
  let isDisposed = false;
  class Recording extends FakeModel {
    override open(): Reader {
      const reader = super.open();
      return {
        ...reader,
        feed: (read, want, token) => {
          wanted.push(want);
          return reader.feed(read, want, token);
        },
        dispose: () => (isDisposed = true),
      };
    }
  }
  const model = new Recording();
  const inference = testInference(model);
  let nowMs = 0;
  const empty = new TokenPrefix(emptyBlockHash("m"), 0, []);
  const reader = new CheckpointedReader(inference, "inline", empty, () => (nowMs += 5));
  return { model, inference, reader, wanted, isDisposed: () => isDisposed };
}

test("tokens are read in runs, and only the last one makes logits", async () => {
  const { model, reader, wanted } = opened();
  const logits = await reader.read(tokens(130), { want: "last", cancellation });
  assert.deepEqual(
    [model.runs, wanted],
    [
      [64, 64, 2],
      ["none", "none", "last"],
    ],
  );
  assert.equal(logits.length, model.tokenizer.vocabularySize);
  assert.equal((await reader.read(tokens(64), { want: "none", cancellation })).length, 0);
  assert.equal((await reader.read([], { want: "last", cancellation })).length, 0);
  assert.deepEqual([model.runs.length, wanted.at(-1)], [4, "none"]);
  assert.deepEqual([reader.tokensRead, reader.prefix.tokenCount, reader.busyMs], [194, 194, 4 * 5]);
});

test("states are saved at the ends of blocks, if the policy wants them", async () => {
  const { model, inference, reader } = opened();
  const [asked, saved]: [number[], number[]] = [[], []];
  const savePolicy: SavePolicy = {
    shouldSave: (tokenCount, stateBytes, isRounded) => {
      assert.deepEqual([stateBytes, isRounded], [model.stateBytes, false]);
      return asked.push(tokenCount) === 2;
    },
    onSaved: ({ tokenCount }) => saved.push(tokenCount),
  };
  await reader.read(tokens(10), { want: "none", cancellation });
  await reader.read(tokens(130), { want: "none", cancellation, savePolicy });
  assert.deepEqual(model.runs, [10, 54, 64, 12]);
  assert.deepEqual([asked, saved, inference.store.count], [[64, 128], [128], 1]);
});

test("a reader continues from a state without changing that state's prefix, and disposes of its model's reader", async () => {
  const { model, reader, isDisposed } = opened();
  await reader.read(tokens(3), { want: "none", cancellation });
  const { prefix, state } = reader.snapshot();
  await reader.read(tokens(2), { want: "none", cancellation });
  reader.restore(prefix, state);
  await reader.read(tokens(1), { want: "none", cancellation });
  assert.deepEqual(model.tokensOf(reader.snapshot().state), [...tokens(3), ...tokens(1)]);
  assert.deepEqual([prefix.tokenCount, reader.prefix.tokenCount, reader.tokensRead], [3, 4, 6]);
  assert.equal(isDisposed(), false);
  reader.dispose();
  assert.equal(isDisposed(), true);
});
