import assert from "node:assert/strict";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { chooseEngine, type EngineChoice } from "../../src/rwkv/ort/chooseEngine.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { fixtures } from "../support/paths.js";

const source = openSafetensors(path.join(fixtures, "rwkv/v4-small/model.safetensors"));

/**
 * A claim, the choice, the number of processors, and the progress that is reported: one fraction per engine that is
 * tried.
 */
const tries: readonly (readonly [claim: string, Partial<EngineChoice>, processors: number, readonly number[]])[] = [
  ["a fixed format with fixed threads", { weights: "int8", threads: 1 }, 8, [0]],
  ["a fixed format on one processor", { weights: "int8", threads: 0 }, 1, [0]],
  ["a fixed format on four processors", { weights: "int8", threads: 0 }, 4, [0, 1 / 2]],
  ["any format with fixed threads", { weights: "auto", threads: 1 }, 8, [0, 1 / 2]],
];

for (const [claim, options, processors, expected] of tries) {
  test(`of ${claim}, ${expected.length === 1 ? "one engine is" : `${expected.length} engines are`} tried`, async (t) => {
    t.mock.method(os, "availableParallelism", () => processors);
    const fractions: number[] = [];
    const onProgress = (fraction: number): void => void fractions.push(fraction);
    const dimensions = detectDimensions(source);
    const choice = { source, dimensions, weights: "int8", threads: 1, onProgress, ...options } as const;
    const engine = await chooseEngine(choice);
    assert.deepEqual(fractions, expected);
    if (choice.weights !== "auto") assert.equal(engine.format, choice.weights);
    if (choice.threads > 0) assert.equal(engine.threads, choice.threads);
    assert.ok(engine.chunkTokens >= 8 && engine.chunkTokens <= 64);
    await engine.dispose();
  });
}
