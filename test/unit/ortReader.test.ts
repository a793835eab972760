import assert from "node:assert/strict";
import test from "node:test";
import type { AnyState, TokenId, Want } from "../../src/core/model.js";
import type { OrtModule } from "../../src/rwkv/ort/onnxruntime.js";
import { OrtReader, stateFloats, type ReaderOptions } from "../../src/rwkv/ort/ortReader.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

interface FakeTensor {
  readonly type: string;
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

const parts: ReaderOptions["parts"] = [
  { name: "a", shape: [2, 2], empty: 0 },
  { name: "b", shape: [3], empty: -1 },
];
const vocabularySize = 4;

/**
 * A reader of a fake model. Each token is added to all numbers of the state, and all logits after a token are its id.
 * @returns the reader, the runs of its session, and the number of tensors that are not disposed
 */
function readerOf(chunkTokens = 2) {
  const runs: { readonly tokens: readonly number[]; readonly rows: readonly number[] }[] = [];
  const open = { tensors: 0 };
  class Tensor implements FakeTensor {
    constructor(
      readonly type: string,
      readonly data: Float32Array | Int32Array,
      readonly shape: readonly number[],
    ) {
      if (type === "float32") open.tensors++;
    }

    dispose(): void {
      open.tensors--;
    }
  }
  const session = {
    run: (feeds: Record<string, FakeTensor>, fetches: Record<string, FakeTensor | null>) => {
      const [tokens, rows] = [feeds["tokens"]!, feeds["rows"]!].map(({ type, data, shape }) => {
        assert.deepEqual([type, shape], ["int32", [data.length]]);
        return [...data];
      });
      runs.push({ tokens: tokens!, rows: rows! });
      const sum = tokens!.reduce((a, b) => a + b, 0);
      for (const { name, shape } of parts) {
        const [from, to] = [feeds[name]!, fetches[`${name}o`]!];
        assert.deepEqual([from.shape, to.shape], [shape, shape]);
        to.data.set(from.data.map((value) => value + sum));
      }
      const logits = rows!.flatMap((row) => Array.from({ length: vocabularySize }, () => tokens![row]!));
      return Promise.resolve({ logits: { data: Float32Array.from(logits) } });
    },
  };
  const fake = { ort: { Tensor } as unknown as OrtModule, session: session as unknown as ReaderOptions["session"] };
  const reader = new OrtReader({ ...fake, parts, vocabularySize, chunkTokens });
  const feed = (tokens: readonly number[], want: Want) => reader.feed(tokens as TokenId[], want, neverCancelled);
  return { reader, feed, runs, open };
}

const saved = (...numbers: readonly number[]): AnyState => ({ data: Float32Array.from(numbers) });

test("a reader begins with the empty state, and continues with the state after each run", async () => {
  const { reader, feed } = readerOf();
  assert.deepEqual([...reader.save().data], [0, 0, 0, 0, -1, -1, -1]);
  await feed([1, 2, 3], "none");
  assert.deepEqual([...reader.save().data], [6, 6, 6, 6, 5, 5, 5]);
});

test("a run has at most a chunk of tokens, and only the rows that are wanted are computed", async () => {
  const { feed, runs } = readerOf();
  assert.deepEqual([...(await feed([1, 2, 3], "last"))], [3, 3, 3, 3]);
  assert.deepEqual([...(await feed([1, 2], "all"))], [1, 1, 1, 1, 2, 2, 2, 2]);
  assert.deepEqual([...(await feed([3], "none"))], []);
  assert.deepEqual(runs, [
    { tokens: [1, 2], rows: [] },
    { tokens: [3], rows: [0] },
    { tokens: [1, 2], rows: [0, 1] },
    { tokens: [3], rows: [] },
  ]);
});

test("the logits that are wanted last are those of the chunk's last token", async () => {
  const { feed, runs } = readerOf(3);
  assert.deepEqual([...(await feed([1, 2, 3], "last"))], [3, 3, 3, 3]);
  assert.deepEqual(runs, [{ tokens: [1, 2, 3], rows: [2] }]);
});

test("a saved state stays as it is, and can be restored", async () => {
  const { reader, feed } = readerOf();
  await feed([1], "none");
  const state = reader.save();
  await feed([2], "none");
  assert.deepEqual([...state.data], [1, 1, 1, 1, 0, 0, 0]);
  reader.restore(state);
  assert.deepEqual(reader.save(), state);
  await feed([2], "none");
  assert.deepEqual([...state.data], [1, 1, 1, 1, 0, 0, 0]);
  reader.restore(undefined);
  assert.deepEqual([...reader.save().data], [0, 0, 0, 0, -1, -1, -1]);
});

test("packed states and those of other models are refused", () => {
  const { reader } = readerOf();
  assert.throws(() => {
    reader.restore({ data: new Uint8Array(7) });
  }, /packed/);
  assert.throws(() => {
    reader.restore(saved(1, 2, 3));
  }, /3 floats, not 7/);
});

test("the distance to a state is relative to that state's length", () => {
  const { reader } = readerOf();
  reader.restore(saved(3, 4, 0, 0, 0, 0, 0));
  assert.equal(reader.distanceTo(saved(3, 4, 0, 0, 0, 0, 0)), 0);
  assert.equal(reader.distanceTo(saved(6, 8, 0, 0, 0, 0, 0)), 0.5);
  assert.equal(reader.distanceTo(saved(-3, -4, 0, 0, 0, 0, 0)), 2);
  assert.ok(reader.distanceTo(saved(0, 0, 0, 0, 0, 0, 0)) > 1e6);
  reader.restore(saved(0, 0, 0, 0, 0, 0, 0));
  assert.equal(reader.distanceTo(saved(0, 0, 0, 0, 0, 0, 0)), 0);
});

test("both buffers are freed", async () => {
  const { reader, feed, open } = readerOf();
  await feed([1], "none");
  assert.equal(open.tensors, 4);
  reader.dispose();
  assert.equal(open.tensors, 0);
});

test("a state has as many floats as its parts", () => {
  assert.equal(stateFloats(parts), 7);
});
