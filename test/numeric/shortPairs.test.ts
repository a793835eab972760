import assert from "node:assert/strict";
import test from "node:test";
import type { TokenId } from "../../src/core/model.js";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { findModel } from "../../src/rwkv/modelFolder.js";
import { loadAddon } from "../../src/rwkv/native/addon.js";
import { canRun, NativeEngine } from "../../src/rwkv/native/nativeEngine.js";
import { toFloats } from "../../src/rwkv/weights/dtypes.js";
import { isLowRank } from "../../src/rwkv/weights/matrices.js";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { allFixtures, logitsAfter, type Fixture } from "../support/numeric.js";

const sets = loadAddon()?.instructionSets() ?? [];
const missing = sets.length === 0 && "the native engine was not built: no C++ compiler";
const dtypes = ["BF16", "F16"] as const;
const tokens = Array.from({ length: 19 }, (_, i) => (i * 13 + 1) as TokenId); // within any vocabulary

function dimensionsOf({ weights }: Fixture): ReturnType<typeof detectDimensions> {
  return detectDimensions(openWeights(findModel(weights).weights));
}

for (const fixture of allFixtures) {
  const { name, weights } = fixture;
  const skip = missing || fixture.skip;
  if (!skip && (dimensionsOf(fixture).version < 6 || !canRun(dimensionsOf(fixture)))) continue;
  test(`${name}: low-rank pairs in 16 bits give exactly what the same values give as floats`, { skip }, async () => {
    const source = openWeights(findModel(weights).weights);
    for (const [dtype, [instructionSet, set]] of dtypes.flatMap((one) =>
      [...sets.entries()].map((two) => [one, two] as const),
    )) {
      const [found, expected] = await Promise.all(
        withShortPairs(source, dtype).map(async (one) => {
          const choice = {
            source: one,
            dimensions: detectDimensions(source),
            weights: "int8",
            instructionSet,
            threads: 1,
          } as const;
          return logitsAfter((await NativeEngine.create(choice)).open(), tokens);
        }),
      );
      assert.deepEqual(found, expected, `${dtype}, ${set}`);
    }
  });
}

/** Two sources: one with low-rank pairs in 16 bits, and one with the same values as floats. */
function withShortPairs(source: TensorSource, dtype: "BF16" | "F16"): readonly TensorSource[] {
  // The upper 16 bits of a float are its bf16 form. Interpreted as fp16, they are a different small number.
  const upper = (name: string): Uint8Array<ArrayBuffer> => {
    const halves = new Uint16Array(source.readFloats(name).buffer);
    return new Uint8Array(halves.filter((_, i) => i % 2 === 1).buffer);
  };
  return [
    {
      ...source,
      dtype: (name) => (isLowRank(name) ? dtype : source.dtype(name)),
      readBytes: (name) => (isLowRank(name) ? upper(name) : source.readBytes(name)),
    },
    {
      ...source,
      dtype: (name) => (isLowRank(name) ? "F32" : source.dtype(name)),
      readFloats: (name) => (isLowRank(name) ? toFloats(upper(name), dtype) : source.readFloats(name)),
    },
  ];
}
