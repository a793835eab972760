import assert from "node:assert/strict";
import test from "node:test";
import type { TokenId } from "../../src/core/model.js";
import { detect } from "../../src/rwkv/architecture.js";
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
const tokens = Array.from({ length: 19 }, (_, i) => (i * 13 + 1) as TokenId); // within any vocabulary

function dimensionsOf({ weights }: Fixture): ReturnType<typeof detect> {
  return detect(openWeights(findModel(weights).weights));
}

for (const fixture of allFixtures) {
  const { name, weights } = fixture;
  const skip = missing || fixture.skip;
  if (!skip && (dimensionsOf(fixture).version < 6 || !canRun(dimensionsOf(fixture)))) continue;
  test(`${name}: low-rank pairs in brain floats are those floats, bit for bit`, { skip }, async () => {
    const source = openWeights(findModel(weights).weights);
    const { brains, floats } = withUpperHalves(source);
    for (const [instructionSet, set] of sets.entries()) {
      const [found, expected] = await Promise.all(
        [brains, floats].map(async (one) => {
          const choice = {
            source: one,
            dimensions: detect(source),
            weights: "int8",
            instructionSet,
            threads: 1,
          } as const;
          return logitsAfter((await NativeEngine.create(choice))!.open(), tokens);
        }),
      );
      assert.deepEqual(found, expected, set);
    }
  });
}

/** A source whose pairs are brain floats, and one that has the same values as floats. */
function withUpperHalves(source: TensorSource): { readonly brains: TensorSource; readonly floats: TensorSource } {
  const upper = (name: string): Uint8Array<ArrayBuffer> => {
    const halves = new Uint16Array(source.readFloats(name).buffer);
    return new Uint8Array(halves.filter((_, i) => i % 2 === 1).buffer);
  };
  return {
    brains: {
      ...source,
      dtype: (name) => (isLowRank(name) ? "BF16" : source.dtype(name)),
      readBytes: (name) => (isLowRank(name) ? upper(name) : source.readBytes(name)),
    },
    floats: {
      ...source,
      readFloats: (name) => (isLowRank(name) ? toFloats(upper(name), "BF16") : source.readFloats(name)),
    },
  };
}
