import assert from "node:assert/strict";
import test from "node:test";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { findModel } from "../../src/rwkv/modelFolder.js";
import { loadAddon } from "../../src/rwkv/native/addon.js";
import { NativeEngine } from "../../src/rwkv/native/nativeEngine.js";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { readExpected } from "../support/fixtureModel.js";
import { allFixtures, logitsAfter, maxDifference } from "../support/numeric.js";
import { roundedProduct } from "../support/plainMath.js";
import { reference4 } from "../support/reference4.js";
import { reference7 } from "../support/reference7.js";

const sets = loadAddon()?.instructionSets() ?? [];
const missing = sets.length === 0 && "the native engine was not built: no C++ compiler";
const names = ["embedded model", "v7-small", "v4-small", "shared v7", "shared v4", "shared starter"];
/**
 * Maximum differences of logits: `tolerance` in most cases, `withOtherRounding` if a last bit decides how an input is
 * rounded.
 */
const tolerance = 1e-3;
const withOtherRounding = 0.2;

for (const { name, weights, expected, skip } of allFixtures.filter((one) => names.includes(one.name))) {
  test(
    `${name}: 8 and 4 bits give what a plain computation with the same rounding gives`,
    { skip: missing || skip },
    async (t) => {
      const source = openWeights(findModel(weights).weights);
      const dimensions = detectDimensions(source);
      const reference = dimensions.version === 4 ? reference4 : reference7;
      const tokens = readExpected(expected).prompts.find(({ length }) => length >= 16)!.tokens;
      const texts = [0, 4, 8, 12].flatMap((at) => [1, 2, 3].map((length) => tokens.slice(at, at + length)));
      for (const format of ["int8", "int4"] as const) {
        const product = roundedProduct(source, format);
        const plain = texts.map((text) => reference(source, text, product));
        for (const [instructionSet, set] of sets.entries()) {
          const engine = await NativeEngine.create({ source, dimensions, weights: format, instructionSet, threads: 1 });
          const differences: number[] = [];
          for (const [i, text] of texts.entries()) {
            differences.push(maxDifference(await logitsAfter(engine.open(), text), plain[i]!));
          }
          const alike = differences.filter((difference) => difference <= tolerance);
          t.diagnostic(
            `${format} ${set}: ${alike.length} of ${texts.length} within ${Math.max(...alike).toExponential(1)}, ` +
              `all within ${Math.max(...differences).toExponential(1)}`,
          );
          assert.ok(alike.length >= texts.length / 2, `${set}: ${differences.join(" ")}`);
          assert.ok(
            differences.every((difference) => difference <= withOtherRounding),
            `${set}: ${differences.join(" ")}`,
          );
        }
      }
    },
  );
}
