import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import { serialize } from "node:v8";
import { type TokenId } from "../../src/core/model.js";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import {
  loadAddon,
  type Addon,
  type AddonRows,
  type ModelHandle,
  type TensorsHandle,
} from "../../src/rwkv/native/addon.js";
import { addonTensors, packTensors } from "../../src/rwkv/native/addonTensors.js";
import { NativeEngine } from "../../src/rwkv/native/nativeEngine.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { fixtures, root } from "../support/paths.js";
import { Cancelled, neverCancelled } from "../../src/shared/cancellation.js";

const loaded = loadAddon();
const skip = loaded === undefined && "the native engine was not built: no C++ compiler";
const addon = loaded!;
const source = openSafetensors(path.join(fixtures, "rwkv/v7-small/model.safetensors"));
const sizes = detectDimensions(source);
const parts = [...addonTensors(source, sizes, "int8")];
const binary = path.join(root, "dist/native", `${process.platform}-${process.arch}.node`);

/** Makes a model from the tensors, with changes. A change that consists only of a name removes that tensor. */
async function model(
  change: readonly (Partial<AddonRows> & Pick<AddonRows, "name">)[] = [],
  own: Partial<typeof sizes> = {},
): Promise<ModelHandle> {
  const changed = parts.flatMap((part) => {
    const found = change.find(({ name }) => name === part.name);
    if (found === undefined) return [part];
    return Object.keys(found).length === 1 ? [] : [{ ...part, ...found }];
  });
  return addon.createModel({ ...sizes, ...own }, await packTensors(addon, changed), 0);
}

function part(name: string): AddonRows {
  return parts.find((one) => one.name === name)!;
}

test("invalid arguments throw a TypeError", { skip }, async () => {
  const shared = await model();
  const reader = addon.openReader(shared);
  const floats = sizes.layers * (2 * sizes.width + sizes.width * 64);
  const anything = addon as unknown as Record<keyof Addon, (...args: unknown[]) => unknown>; // allows invalid calls
  const tensors = await packTensors(addon, parts);
  const head = part("head.weight");
  const wrong: (() => unknown)[] = [
    () => anything.createModel(),
    () => anything.createModel({}, tensors, 0),
    () => anything.createModel({ ...sizes, width: 100 }, tensors, 0),
    () => anything.createModel({ ...sizes, heads: 3 }, tensors, 0),
    () => anything.createModel(sizes, tensors, 99),
    () => anything.createModel(sizes, tensors, -1),
    () => anything.createModel(sizes, { "emb.weight": 7 }, 0),
    () => anything.createModel(sizes, reader, 0),
    () => anything.addRows(tensors),
    () => anything.addRows(shared, head),
    () => anything.addRows(tensors, { ...head, name: 7 }),
    () => anything.addRows(tensors, { ...head, role: "head" }),
    () => anything.addRows(tensors, { ...head, rows: 17 }),
    () => anything.addRows(tensors, { ...head, rows: -head.rows, columns: -head.columns }),
    () => anything.addRows(tensors, { ...head, scales: undefined }),
    () => anything.addRows(tensors, { ...head, scales: new Float32Array(3) }),
    () => anything.openReader(true),
    () => anything.openReader(tensors),
    () => anything.save(reader, new Float32Array(3)),
    () => anything.save(reader, [1, 2]),
    () => anything.distance(reader, new Float32Array(3)),
    () => anything.distance(reader),
    () => anything.restore(reader, new Float64Array(floats)),
    ...[256, -1, 1.5, NaN, [1]].map((token) => () => anything.step(reader, token, new Float32Array(256))),
    () => anything.step(reader, 1, new Float32Array(255)),
    () => anything.step(reader, 1, new Float64Array(256)),
    () => anything.step(shared, 1, new Float32Array(256)),
    () => anything.summarize(shared, new Float32Array(255), new Float64Array(3)),
    () => anything.summarize(shared, new Float32Array(256), new Float64Array(2)),
    () => anything.summarize(shared, new Float32Array(256), new Float32Array(3)),
    () => anything.summarize(reader, new Float32Array(256), new Float64Array(3)),
    () => anything.restore(reader, new Uint8Array(floats)),
    () => anything.distance(reader, new Uint8Array(3)),
    () => anything.packState(new Float64Array(64), new Uint8Array(68)),
    () => anything.packState(new Float32Array(64), new Uint8Array(67)),
    () => anything.run(reader, new Int32Array(0), 1),
    () => anything.run(reader, new Int32Array(65), 1),
    () => anything.run(reader, Int32Array.of(256), 1),
    () => anything.run(reader, Int32Array.of(-1), 1),
    () => anything.run(reader, Int32Array.of(1), 3),
    () => anything.run("reader", Int32Array.of(1), 1),
    ...[Float64Array.of(1), Float32Array.of(1), Uint32Array.of(1), [1], [NaN], 1].map(
      (tokens) => () => anything.run(reader, tokens, 1),
    ),
    // Node-API's own conversion would accept each of these numbers as an integer.
    ...[NaN, 0.5, 2 ** 32, -(2 ** 32), Infinity].flatMap((number) => [
      () => anything.run(reader, Int32Array.of(1), number),
      () => anything.createModel(sizes, tensors, number),
      () => anything.setThreads(shared, number + 1),
      () => anything.addRows(tensors, { ...head, totalRows: number }),
      ...(["version", "layers", "width", "heads", "ffnWidth", "vocabularySize"] as const).map(
        (size) => () => anything.createModel({ ...sizes, [size]: sizes[size] + number }, tensors, 0),
      ),
    ]),
    () => anything.cancel("reader"),
    () => anything.close(),
    () => anything.close({}),
    () => anything.setThreads(reader, "two"),
    () => {
      addon.setThreads(shared, 0);
    },
    () => {
      addon.setThreads(shared, 65);
    },
  ];
  for (const [i, call] of wrong.entries()) assert.throws(call, TypeError, `call ${i}`);
});

test("an invalid argument of a run is named", { skip }, async () => {
  const reader = addon.openReader(await model());
  const message = (tokens: unknown, want: unknown = 1): string => {
    try {
      void addon.run(reader, tokens as Int32Array, want as 1);
    } catch (error) {
      return String(error);
    }
    return "none";
  };
  assert.equal(message([NaN]), "TypeError: tokens");
  assert.equal(message(Float64Array.of(1.5)), "TypeError: tokens: an Int32Array of 1 to 64 ids");
  assert.equal(message(Int32Array.of(3, 256)), "TypeError: tokens: 256 is not in the vocabulary");
  assert.equal(message(Int32Array.of(3), 1.5), "TypeError: want: not a 32-bit integer");
});

test(
  "an engine uses at most 64 threads, even on a machine with 256 processors and even if told to use more",
  { skip },
  async (t) => {
    t.mock.method(os, "availableParallelism", () => 256);
    const choice = { source, dimensions: sizes, weights: "int8", instructionSet: 0 } as const;
    const measured = await NativeEngine.create(choice);
    assert.ok(measured.threads <= 64);
    const told = await NativeEngine.create({ ...choice, threads: 100 });
    assert.equal(told.threads, 64);
    for (const engine of [measured, told]) await engine.dispose();
  },
);

test("tensors that do not fit the model throw a TypeError", { skip }, async () => {
  const [w0, w1] = ["blocks.1.att.w0", "blocks.1.att.w1"];
  const wrong: (() => Promise<unknown>)[] = [
    () => model([{ name: "head.weight" }]),
    () => model([], { vocabularySize: 255 }),
    () => model([], { vocabularySize: 300 }),
    () => model([], { ffnWidth: sizes.ffnWidth - 16 }),
    () => model([{ name: "ln_out.bias", columns: sizes.width - 16, values: new Float32Array(sizes.width - 16) }]),
    () => model([{ name: w0, values: new Uint16Array(sizes.width) }]),
    () => model([{ ...part(w1), name: "blocks.1.att.w2" }]),
    () => model([{ name: w1, role: "matrix" }]),
    () => model([{ ...part("blocks.1.ffn.key.weight"), name: "blocks.1.att.key.weight" }]),
  ];
  for (const [i, make] of wrong.entries()) await assert.rejects(make, TypeError, `model ${i}`);
});

test("a tensor is added as complete rows in order, one call at a time", { skip }, async () => {
  const matrix = part("blocks.1.ffn.key.weight");
  const rows = (tensors: TensorsHandle, begin: number, end: number): Promise<void> =>
    addon.addRows(tensors, {
      ...matrix,
      rows: end - begin,
      values: matrix.values.subarray(begin * matrix.columns, end * matrix.columns),
      scales: matrix.scales!.subarray((begin * matrix.columns) / 32, (end * matrix.columns) / 32),
    });
  const whole = addon.openReader(await model());
  const tensors = await packTensors(
    addon,
    parts.filter(({ name }) => name !== matrix.name),
  );
  await rows(tensors, 0, 64);
  assert.throws(() => addon.createModel(sizes, tensors, 0), /ffn\.key/, "rows are missing");
  const packing = rows(tensors, 64, matrix.rows - 16);
  assert.throws(() => rows(tensors, 64, 128), TypeError, "other rows are being packed");
  assert.throws(() => addon.createModel(sizes, tensors, 0), TypeError, "other rows are being packed");
  await packing;
  // Only blocks that begin at a multiple of 64 rows can be added.
  await assert.rejects(rows(tensors, matrix.rows - 16, matrix.rows), TypeError);
  const pieces = await packTensors(
    addon,
    parts.filter(({ name }) => name !== matrix.name),
  );
  for (let row = 0; row < matrix.rows; row += 64) await rows(pieces, row, row + 64);
  await assert.rejects(rows(pieces, 0, 64), TypeError, "all rows have been added");
  const reader = addon.openReader(addon.createModel(sizes, pieces, 0));
  const tokens = Int32Array.of(1, 2, 3);
  assert.deepEqual(await addon.run(reader, tokens, 2), await addon.run(whole, tokens, 2));
});

test(
  "a reader rejects calls during its run; other readers of the same weights run at the same time",
  { skip },
  async () => {
    const shared = await model();
    const [first, second] = [addon.openReader(shared), addon.openReader(shared)];
    const tokens = Int32Array.from({ length: 64 }, (_, i) => i);
    const [one, two] = [addon.run(first, tokens, 1), addon.run(second, tokens, 1)];
    assert.throws(() => addon.run(first, tokens, 1), TypeError);
    assert.throws(() => {
      addon.restore(first, undefined);
    }, TypeError);
    assert.deepEqual(await one, await two);
  },
);

test("a cancelled run leaves its reader's state unchanged", { skip }, async () => {
  const shared = await model();
  const floats = sizes.layers * (2 * sizes.width + sizes.width * 64);
  const tokens = Int32Array.from({ length: 64 }, (_, i) => i);
  const reader = addon.openReader(shared);
  await addon.run(reader, tokens, 0);
  const before = new Float32Array(floats);
  addon.save(reader, before);
  // These runs occupy all four threads of Node's pool, so the run below is cancelled before it starts.
  const others = Array.from({ length: 8 }, () => addon.run(addon.openReader(shared), tokens, 0));
  const cancelled = addon.run(reader, tokens, 2);
  addon.cancel(reader);
  assert.equal(await cancelled, undefined);
  const after = new Float32Array(floats);
  addon.save(reader, after);
  assert.deepEqual(after, before);
  assert.ok((await addon.run(reader, tokens, 1)) !== undefined, "the next run is a new one");
  await Promise.all(others);
});

test("a cancellation after the end of a run does not affect the next run", { skip }, async () => {
  const reader = addon.openReader(await model());
  const tokens = Int32Array.of(1, 2);
  let ended = 0;
  // Many times, because the fault is a race: it shows only if a thread of the pool is faster than this thread.
  for (let i = 0; i < 4_000; i++) {
    addon.cancel(reader);
    if ((await addon.run(reader, tokens, 0)) === undefined) ended++;
  }
  assert.equal(ended, 0);
});

test("a cancellation token with an event ends the current run", { skip }, async () => {
  const engine = await NativeEngine.create({
    source,
    dimensions: sizes,
    weights: "int8",
    instructionSet: 0,
    threads: 1,
  });
  const listeners = new Set<() => void>();
  const cancellation = {
    isCancellationRequested: false,
    onCancellationRequested: (listener: () => void) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  };
  const reader = engine.open();
  const busy = Array.from({ length: 8 }, () => engine.open().feed(tokensOf(64), "none", neverCancelled));
  const feeding = reader.feed(tokensOf(64), "last", cancellation);
  for (const listener of listeners) listener();
  await assert.rejects(feeding, Cancelled);
  assert.deepEqual(reader.save(), engine.open().save());
  assert.equal(listeners.size, 0);
  await Promise.all(busy);
});

function tokensOf(count: number): TokenId[] {
  return Array.from({ length: count }, (_, i) => i as TokenId); // all are in the vocabulary
}

test("a process can exit during a run", { skip }, () => {
  const script = `
    const { sizes, parts } = require("node:v8").deserialize(require("node:fs").readFileSync(0));
    const addon = {};
    process.dlopen({ exports: addon }, ${JSON.stringify(binary)});
    const tensors = addon.createTensors();
    const run = async () => {
      for (const rows of parts) await addon.addRows(tensors, rows);
      const reader = addon.openReader(addon.createModel(sizes, tensors, 0));
      void addon.addRows(addon.createTensors(), parts[0]);
      void addon.run(reader, new Int32Array(64), 2);
      console.log("started");
      process.exit(0);
    };
    run();`;
  const { status, signal, stdout } = spawnSync(process.execPath, ["-e", script], {
    input: serialize({ sizes, parts }),
    encoding: "utf8",
  });
  assert.deepEqual({ status, signal, stdout }, { status: 0, signal: null, stdout: "started\n" });
});
