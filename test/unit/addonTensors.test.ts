import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { detectDimensions, type Dimensions } from "../../src/rwkv/architecture.js";
import type { Addon, AddonRows } from "../../src/rwkv/native/addon.js";
import { addonTensors, packTensors } from "../../src/rwkv/native/addonTensors.js";
import { elementBytes, type Dtype } from "../../src/rwkv/weights/dtypes.js";
import type { WeightFormat } from "../../src/rwkv/weights/matrices.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { tensorSource, type TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { fixtures } from "../support/paths.js";

/** The tensors of a fixture as the addon gets them, by name. Asserts that none comes in several parts. */
function tensorsOf(name: string, format: WeightFormat): Map<string, AddonRows> {
  const source = openSafetensors(path.join(fixtures, `rwkv/${name}/model.safetensors`));
  const parts = [...addonTensors(source, detectDimensions(source), format)];
  for (const { rows, totalRows } of parts) assert.equal(rows, totalRows);
  return new Map(parts.map((part) => [part.name, part]));
}

/** A source whose tensors contain only zeros. */
function zeros(tensors: Readonly<Record<string, readonly [Dtype, readonly number[]]>>): TensorSource {
  const entries = Object.entries(tensors).map(([name, [dtype, shape]]) => [name, { dtype, shape }] as const);
  const bytes = (dtype: Dtype, shape: readonly number[]) =>
    new Uint8Array(elementBytes(dtype) * shape.reduce((product, length) => product * length, 1));
  return tensorSource("model", new Map(entries), {
    all: ({ dtype, shape }) => bytes(dtype, shape),
    rows: ({ dtype, shape: [, ...rest] }, from, to) => bytes(dtype, [to - from, ...rest]),
  });
}

const version7 = { version: 7, layers: 1 } as Dimensions; // only these members are used
const shapeOf = (part: AddonRows | undefined) => part && [part.role, part.rows, part.columns];

test("the addon gets the tensors of RWKV-7 with their roles, except those of block 0 that nothing reads", () => {
  const tensors = tensorsOf("v7-small", "fp32");
  const rank = tensors.get("blocks.1.att.v1")!.columns;
  for (const [name, expected] of [
    ["emb.weight", ["embedding", 256, 128]],
    ["head.weight", ["matrix", 256, 128]],
    ["blocks.0.att.key.weight", ["matrix", 128, 128]],
    ["blocks.0.ln1.weight", ["vector", 1, 128]],
    ["blocks.1.att.v0", ["vector", 1, 128]],
    ["blocks.1.att.v1", ["transposed", 128, rank]],
    ["blocks.1.att.v2", ["transposed", rank, 128]],
    ["blocks.0.att.v0", undefined],
    ["blocks.0.att.v1", undefined],
    ["blocks.0.att.v2", undefined],
  ] as const) {
    assert.deepEqual(shapeOf(tensors.get(name)), expected, name);
  }
  assert.ok([...tensors.values()].every(({ scales }) => scales === undefined));
});

test("a matrix in 8 bits has a scale for each 32 values", () => {
  const { values, scales, rows, columns } = tensorsOf("v7-small", "int8").get("head.weight")!;
  assert.ok(values instanceof Int8Array);
  assert.deepEqual([values.length, scales?.length], [rows * columns, (rows * columns) / 32]);
});

test("the stacked matrices of RWKV-6 are passed one by one, and decay and bonus have a value for each channel", () => {
  const source = openSafetensors(path.join(fixtures, "rwkv/v6-small/model.safetensors"));
  const tensors = tensorsOf("v6-small", "fp32");
  const name = "blocks.1.att.time_maa_w2";
  const [count, rank, width] = source.shape(name) as [number, number, number];
  const stack = Array.from({ length: count }, (_, i) => tensors.get(`${name}.${i}`)!);
  assert.deepEqual(stack.map(shapeOf), Array<unknown>(count).fill(["transposed", rank, width]));
  assert.deepEqual(
    stack.flatMap(({ values }) => [...values]),
    [...new Uint16Array(source.readBytes(name).buffer)],
  );
  for (const none of [name, `${name}.${count}`]) assert.equal(tensors.has(none), false, none);
  for (const block of [0, 1, 2]) {
    for (const one of ["time_decay", "time_faaaa"]) {
      assert.deepEqual(shapeOf(tensors.get(`blocks.${block}.att.${one}`)), ["vector", 1, width], one);
    }
  }
  assert.equal(tensors.has("blocks.3.att.time_decay"), false);
});

for (const version of [5, 6]) {
  test(`decay and bonus of RWKV-${version} have one name and a value for each channel, whatever the file has`, () => {
    const source = zeros({ "blocks.0.att.time_decay": ["F32", [2]], "blocks.0.att.time_first": ["F32", [2, 1]] });
    const dimensions = { version, layers: 1, width: 4, headSize: 2 } as Dimensions; // only these members are used
    assert.deepEqual(
      [...addonTensors(source, dimensions, "fp32")].map(({ name, columns }) => [name, columns]),
      [["blocks.0.att.time_decay", 4], ["blocks.0.att.time_faaaa", 4]],
    ); // prettier-ignore
  });
}

test("scales are passed only together with their matrix", () => {
  const source = zeros({ "head.weight": ["I8", [2, 32]], "head.weight.scale": ["F32", [2, 1]] });
  assert.deepEqual(
    [...addonTensors(source, version7, "int8")].map(({ name, scales }) => [name, scales?.length]),
    [["head.weight", 2]],
  );
});

test("decay and bonus of RWKV-4 are ordinary vectors", () => {
  const source = openSafetensors(path.join(fixtures, "rwkv/v4-small/model.safetensors"));
  const { values } = tensorsOf("v4-small", "fp32").get("blocks.0.att.time_decay")!;
  assert.deepEqual(values, source.readFloats("blocks.0.att.time_decay"));
});

for (const [claim, shape, slices] of [
  ["of 512 columns in slices of 2048 rows", [5000, 512], [2048, 2048, 904]],
  ["of a whole slice at once", [2048, 512], [2048]],
  ["of 511 columns in as many whole multiples of 64 rows", [2100, 511], [2048, 52]],
  ["of very many columns in slices of 64 rows", [65, 32_768], [64, 1]],
] as const) {
  test(`matrices are read ${claim}`, () => {
    for (const name of ["head.weight", "emb.weight"]) {
      const parts = [...addonTensors(zeros({ [name]: ["F32", shape] }), version7, "fp32")];
      assert.deepEqual(
        parts.map(({ rows }) => rows),
        slices,
      );
      assert.ok(parts.every((part) => part.totalRows === shape[0] && part.columns === shape[1]));
    }
  });
}

test("embeddings and low-rank matrices in half precision stay so, vectors become floats", () => {
  for (const dtype of ["F16", "BF16"] as const) {
    const source = zeros({ "emb.weight": [dtype, [2, 4]], "blocks.0.att.w1": [dtype, [4, 2]], "ln_out.weight": [dtype, [4]] }); // prettier-ignore
    const parts = [...addonTensors(source, version7, "fp32")];
    assert.deepEqual(
      parts.map(({ values, isBf16 }) => [values.constructor.name, values.length, isBf16]),
      [["Uint16Array", 8, dtype === "BF16"], ["Uint16Array", 8, dtype === "BF16"], ["Float32Array", 4, undefined]],
    ); // prettier-ignore
  }
});

/** An addon that records its calls. Adding the rows of the tensor `failing` throws an error. */
function fakeAddon(failing?: string) {
  const log: string[] = [];
  const addon = {
    createTensors: () => "tensors",
    addRows: async (_: unknown, { name }: AddonRows) => {
      log.push(`begin ${name}`);
      await new Promise(setImmediate);
      if (name === failing) throw new Error(`${name} is too large`);
      log.push(`end ${name}`);
    },
    close: (handle: unknown) => log.push(`close ${String(handle)}`),
  };
  return { addon: addon as unknown as Addon, log }; // has all members that are used
}

function* reading(log: string[], names: string, failing?: string): Generator<AddonRows> {
  for (const name of names) {
    log.push(`read ${name}`);
    if (name === failing) throw new Error(`${name} is cut off`);
    yield { name } as AddonRows; // only these members are used
  }
}

test("each tensor is read while the one before is packed, and is then packed itself", async () => {
  const { addon, log } = fakeAddon();
  const packed: string[] = [];
  const tensors = await packTensors(addon, reading(log, "abc"), ({ name }) => packed.push(name));
  assert.deepEqual([tensors, packed], ["tensors", ["a", "b", "c"]]);
  const expected = ["read a", "begin a", "read b", "end a", "begin b", "read c", "end b", "begin c", "end c"];
  assert.deepEqual(log, expected);
});

for (const [claim, unreadable, failing, message] of [
  ["read", "b", undefined, /b is cut off/],
  ["packed", undefined, "c", /c is too large/],
  ["read while the one before cannot be packed", "b", "a", /b is cut off/],
] as const) {
  test(`if a tensor cannot be ${claim}, that is the error, and all tensors are closed`, async () => {
    const { addon, log } = fakeAddon(failing);
    await assert.rejects(packTensors(addon, reading(log, "abc", unreadable)), message);
    assert.equal(log.at(-1), "close tensors");
  });
}
