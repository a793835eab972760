import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { type TokenId } from "../../src/core/model.js";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { loadAddon, type ModelHandle } from "../../src/rwkv/native/addon.js";
import { addonTensors, packTensors } from "../../src/rwkv/native/addonTensors.js";
import { NativeEngine } from "../../src/rwkv/native/nativeEngine.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { small, smallOver } from "../support/importing.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { tensorFile } from "../support/tensorFile.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

const loaded = loadAddon();
const skip = loaded === undefined && "the native engine was not built: no C++ compiler";
const addon = loaded!;
const sizes = detectDimensions(small);
const parts = [...addonTensors(small, sizes, "int8")];
const head = parts.find(({ name }) => name === "head.weight")!;

async function model(): Promise<ModelHandle> {
  return addon.createModel(sizes, await packTensors(addon, parts), 0);
}

test("using a closed handle throws a TypeError, but closing it again does not", { skip }, async () => {
  const tensors = await packTensors(addon, parts);
  const shared = addon.createModel(sizes, tensors, 0);
  const reader = addon.openReader(shared);
  for (const handle of [tensors, shared, reader]) {
    addon.close(handle);
    addon.close(handle);
  }
  const floats = sizes.layers * (2 * sizes.width + sizes.width * 64);
  const closed: (() => unknown)[] = [
    () => addon.addRows(tensors, head),
    () => addon.createModel(sizes, tensors, 0),
    () => addon.openReader(shared),
    () => {
      addon.setThreads(shared, 1);
    },
    () => {
      addon.save(reader, new Float32Array(floats));
    },
    () => {
      addon.restore(reader, undefined);
    },
    () => addon.run(reader, Int32Array.of(1), 1),
    () => {
      addon.cancel(reader);
    },
    () => addon.distance(reader, new Float32Array(floats)),
    () => {
      addon.step(reader, 1, new Float32Array(sizes.vocabularySize));
    },
    () => {
      addon.summarize(shared, new Float32Array(sizes.vocabularySize), new Float64Array(3));
    },
  ];
  for (const [i, call] of closed.entries()) {
    assert.throws(call, { name: "TypeError", message: /is closed/ }, `call ${i}`);
  }
});

test("work in progress completes as if nothing had been closed", { skip }, async () => {
  const tokens = Int32Array.from({ length: 64 }, (_, i) => i);
  const expected = await addon.run(addon.openReader(await model()), tokens, 1);
  const tensors = addon.createTensors();
  const packing = addon.addRows(tensors, head);
  addon.close(tensors);
  await packing;
  const shared = await model();
  const [first, second] = [addon.openReader(shared), addon.openReader(shared)];
  addon.close(shared);
  const running = addon.run(first, tokens, 1);
  addon.close(first);
  assert.deepEqual(await running, expected);
  assert.deepEqual(await addon.run(second, tokens, 1), expected, "a reader keeps its model");
});

test("disposing an engine frees its memory at once", { skip }, () =>
  inTemporaryFolder(async (folder) => {
    const vocabularySize = 2 ** 18;
    const file = path.join(folder, "model.safetensors");
    writeFileSync(file, tensorFile(smallOver(vocabularySize)));
    const large = openSafetensors(file);
    const choice = {
      source: large,
      dimensions: detectDimensions(large),
      weights: "int8",
      instructionSet: 0,
      threads: 1,
    } as const;
    const engine = await NativeEngine.create(choice);
    const reader = engine.open();
    await reader.feed([1 as TokenId], "last", neverCancelled);
    const before = process.memoryUsage.rss();
    reader.dispose();
    await engine.dispose();
    const freed = before - process.memoryUsage.rss();
    // The embedding has two bytes per value, the head one.
    assert.ok(freed > 0.9 * vocabularySize * sizes.width * 3, `${freed} bytes`);
  }),
);
