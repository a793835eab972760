import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { type TokenId } from "../../src/core/model.js";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { loadAddon } from "../../src/rwkv/native/addon.js";
import { NativeEngine } from "../../src/rwkv/native/nativeEngine.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { fixtures } from "../support/paths.js";

const skip = loadAddon() === undefined && "the native engine was not built: no C++ compiler";
const source = openSafetensors(path.join(fixtures, "rwkv/v7-small/model.safetensors"));

test("the distance of two states is the norm of their difference over that of the saved one", { skip }, async () => {
  const engine = await NativeEngine.create({
    source,
    dimensions: detectDimensions(source),
    weights: "int8",
    threads: 1,
  });
  const tokens = Array.from({ length: 100 }, (_, i) => (i % 50) as TokenId);
  const reader = engine.open();
  await reader.feed(tokens, "none", neverCancelled);
  const saved = reader.save();
  assert.equal(reader.distanceTo(saved), 0);
  await reader.feed(tokens.slice(0, 3), "none", neverCancelled);
  const now = reader.save();
  const norm = (values: (i: number) => number): number =>
    Math.sqrt(saved.data.reduce((sum, _, i) => sum + values(i) ** 2, 0));
  const expected = norm((i) => now.data[i]! - saved.data[i]!) / norm((i) => saved.data[i]!);
  assert.ok(expected > 0.01);
  assert.ok(Math.abs(reader.distanceTo(saved) / expected - 1) < 1e-4, `${reader.distanceTo(saved)} for ${expected}`);
  await engine.dispose();
});
