import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { type TokenId } from "../../src/core/model.js";
import { loadModel, loadWeights } from "../../src/rwkv/load.js";
import { dequantizeBlocks, ggufType } from "../../src/rwkv/weights/ggufBlocks.js";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { packedAtRandom } from "../support/ggufBlocks.js";
import { ggufFile, ggufTypes, type GgufTypeName } from "../support/ggufFile.js";
import { ggufModel, type GgufModelOptions, type WrittenModel } from "../support/ggufModel.js";
import { importInto } from "../support/importing.js";
import { logitsAfter, maxDifference } from "../support/numeric.js";
import { fixtures, sharedPlace } from "../support/paths.js";
import { randomFrom } from "../support/random.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

const small7 = path.join(fixtures, "rwkv/v7-small/model.safetensors");
const small6 = sharedPlace("fixtures/rwkv/v6-small/model.safetensors");

/** A token for each byte, escaped as llama.cpp does it. */
const byteTokens = Array.from({ length: 256 }, (_, byte) =>
  byte > 32 && byte < 127 && byte !== 0x5c ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`,
);
const asText = { tokens: byteTokens, kinds: Array<number>(256).fill(1), headSize: 64 };

/** Writes a model as a GGUF file and opens that file. */
function reopened(
  folder: string,
  weights: string,
  options: Partial<GgufModelOptions> & Pick<GgufModelOptions, "version" | "matrices">,
): { readonly file: string; readonly source: TensorSource; readonly written: WrittenModel } {
  const written = ggufModel(openSafetensors(weights), { ...asText, ...options });
  const file = path.join(folder, "model.gguf");
  writeFileSync(file, ggufFile(written.file));
  return { file, source: openWeights(file), written };
}

for (const [name, number] of Object.entries(ggufTypes).filter(([type]) => type.startsWith("Q"))) {
  test(`blocks of ${name} are decoded as specified`, () => {
    const { bytes, values } = packedAtRandom(name as "Q4_0", 256 * 20, randomFrom(number));
    const read = dequantizeBlocks(Uint8Array.from(bytes), ggufType(number)!);
    assert.deepEqual(read, values);
    assert.ok(values.some((one) => one > 0) && values.some((one) => one < 0));
  });
}

/** Asserts that a source has all of the model's tensors that are used, with the expected values. */
function assertSameTensors(source: TensorSource, original: TensorSource, { values }: WrittenModel): void {
  const names = source.names.filter((name) => !name.endsWith(".scale"));
  assert.deepEqual([...names].sort(), original.names.filter((name) => !/^blocks\.0\.att\.v\d$/.test(name)).sort());
  const squeezed = (shape: readonly number[]): readonly number[] => shape.filter((length) => length !== 1);
  for (const name of names) {
    assert.deepEqual(squeezed(source.shape(name)), squeezed(original.shape(name)), name);
    const expected = values.get(name) ?? original.readFloats(name);
    assert.deepEqual(floatsOf(source, name), expected, name);
  }
}

function floatsOf(source: TensorSource, name: string): Float32Array {
  const floats = source.readFloats(name);
  if (source.dtype(name) !== "I8") return floats;
  const scales = source.readFloats(`${name}.scale`);
  return floats.map((one, i) => one * scales[Math.floor(i / 32)]!);
}

const plain: readonly GgufTypeName[] = ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q5_0", "Q5_1"];
for (const matrices of plain) {
  test(`an RWKV-7 model in ${matrices} has BlinkDL's names, shapes and values`, () =>
    inTemporaryFolder((folder) => {
      const { source, written } = reopened(folder, small7, { version: 7, matrices });
      assertSameTensors(source, openSafetensors(small7), written);
    }));

  test(`an RWKV-6 model in ${matrices} has BlinkDL's names, shapes and values`, { skip: small6.skip }, () =>
    inTemporaryFolder((folder) => {
      // Rescaling loses nothing: division by a power of 2 is exact. So the values are the same with and without it.
      for (const rescaleEvery of [0, 1]) {
        const { source, written } = reopened(folder, small6.path, { version: 6, matrices, rescaleEvery });
        assertSameTensors(source, openSafetensors(small6.path), written);
      }
    }),
  );
}

const tokens = [...Buffer.from("let a = b + c;\n")] as TokenId[];

async function logitsOf(file: string): Promise<Float32Array> {
  const { engine } = await loadWeights(file, "fp32", 1);
  const logits = await logitsAfter(engine.open(), tokens);
  await engine.dispose();
  return logits;
}

test("an RWKV-7 model gives the same logits as from .safetensors, and nearly the same in 8 bits", () =>
  inTemporaryFolder(async (folder) => {
    const expected = await logitsOf(small7);
    const exact = reopened(folder, small7, { version: 7, matrices: "BF16" });
    assert.equal(maxDifference(await logitsOf(exact.file), expected), 0);
    const eight = reopened(folder, small7, { version: 7, matrices: "Q8_0" });
    const difference = maxDifference(await logitsOf(eight.file), expected);
    assert.ok(difference > 0 && difference < 0.5, `${difference}`);
  }));

test("a GGUF file is imported with its vocabulary", () =>
  inTemporaryFolder(async (folder) => {
    const kinds = [3, ...Array<number>(255).fill(1)];
    kinds[97] = 4; // added by the model's makers (USER_DEFINED), but still text
    const { file } = reopened(folder, small7, { version: 7, matrices: "Q8_0", kinds });
    await importInto(folder, file);
    const made = path.join(folder, "made");
    const lines = readFileSync(path.join(made, "vocab.txt"), "utf8").split("\n");
    assert.deepEqual(
      [lines[0], lines[9], lines[33], lines[96], lines[127]],
      ["1 '\\x01' 1", "10 '\\n' 1", "34 '\"' 1", "97 'a' 1", "128 b'\\x80' 1"],
    );
    const model = await loadModel(made, { threads: 1, weights: "fp32", engine: "onnxruntime" });
    assert.equal(model.prompt.endOfDocument, 0);
    const reader = model.open();
    const logits = await reader.feed(tokens, "last", neverCancelled);
    // Q8_0 and our 8-bit layout can represent the same values, so the conversion loses nothing.
    assert.equal(maxDifference(logits.slice(), await logitsOf(file)), 0);
    await model.dispose();
  }));
