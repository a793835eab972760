import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { unusedLogit, writeWidenedModel } from "../../bench/widenedModel.js";
import type { Model, State, TokenId } from "../../src/core/model.js";
import { tokenize } from "../../src/core/tokens/healing.js";
import { loadModel } from "../../src/rwkv/load.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { typescript } from "../support/generatedText.js";
import { embeddedModel } from "../support/paths.js";
import { inTemporaryFolder } from "../support/temporary.js";

/** Still small, but larger than the embedded model in every dimension. */
const shape = { layers: 9, width: 512, vocabularySize: 8448, ranks: [64, 32, 48, 128] } as const;
/**
 * Maximum differences from the embedded model's logits. The widened model's norms sum more values, so their last bits
 * differ. In 8 bits, that can decide how activations are rounded.
 */
const bounds = { fp32: 1e-4, int8: 0.3 } as const;

for (const weights of ["fp32", "int8"] as const) {
  test(`a widened model computes what the embedded one does, in ${weights}`, async () => {
    await inTemporaryFolder(async (folder) => {
      const wide = path.join(folder, "wide");
      await writeWidenedModel(wide, embeddedModel, shape);
      const small = await read(await loadModel(embeddedModel, { threads: 1, weights }));
      const large = await read(await loadModel(wide, { threads: 1, weights }));
      assert.equal(large.stateFloats, shape.layers * shape.width * 66);
      let difference = 0;
      for (let row = 0; row < small.tokens; row++) {
        for (let token = 0; token < shape.vocabularySize; token++) {
          const logit = large.logits[row * shape.vocabularySize + token]!;
          const expected = token < small.vocabulary ? small.logits[row * small.vocabulary + token]! : unusedLogit;
          difference = Math.max(difference, Math.abs(logit - expected));
        }
      }
      assert.ok(difference < bounds[weights], `logits differ by ${difference}`);
    });
  });
}

interface Read {
  readonly tokens: number;
  readonly vocabulary: number;
  readonly logits: Float32Array;
  readonly stateFloats: number;
}

async function read(model: Model): Promise<Read> {
  const bytes = new TextEncoder().encode(typescript(40, 0));
  const tokens: readonly TokenId[] = tokenize(model.tokenizer, bytes, 0, bytes.length).slice(0, 256);
  const reader = model.open();
  const logits = (await reader.feed(tokens, "all", neverCancelled)).slice();
  const state: State = reader.save();
  reader.dispose();
  await model.dispose();
  return {
    tokens: tokens.length,
    vocabulary: model.tokenizer.vocabularySize,
    logits,
    stateFloats: state.data.length,
  };
}
