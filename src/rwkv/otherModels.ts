import { ModelError } from "./modelError.js";
import { isBigMatrix } from "./weights/matrices.js";
import { scaleName } from "./weights/quantized.js";
import type { TensorSource } from "./weights/tensorSource.js";

export const readable = "RWKV-4, 5, 6 and 7 models are read";

const adapter = /\.(lora_\w+|base_layer|bone|disha|miss|pissa)(\.|$)/;

/** What shares names with the models that are read, and computes something else. */
const others: readonly (readonly [RegExp, string])[] = [
  [/\.ffn\.s_emb|^blocks\.\d+\.qkv\.|^qkv\./, `an RWKV-7a or 7b model with DeepEmbed; ${readable}`],
  [/tiny_q/, `an RWKV-4a or 4b model; ${readable}`],
  [/gate_w1|time_maa_rkvw_w1/, `an experimental RWKV-6 model (x060a, b or c); ${readable}`],
  [/\bexperts?\b|\bmoe\b|\brouter\b/, `a mixture of experts; ${readable}`],
  [/\bself_attn\b/, `a model with attention, or a hybrid of it with RWKV; ${readable}`],
  [/\.time_state$/, `a state-tuned model, or the tuned states of one; its states would be left out; ${readable}`],
];

/** What a tensor beyond those of its version is part of, by its name. */
const additions: readonly (readonly [RegExp, string])[] = [
  [/^head_[qk]\./, "a copy mechanism beside the head, which is not run"],
  [/^pos_emb/, "embeddings of positions, which are not run"],
  [/\.bias$/, "a bias that no published model has, which is not run"],
];

/** @throws ModelError if the names are those of another kind of model, or of adapters beside one. */
export function checkKind({ path, names }: TensorSource): void {
  const [first, ...more] = names.filter((name) => adapter.test(name));
  if (first !== undefined) {
    const remedy = "adapter weights that were not merged; merge them into the model first, and give the result";
    throw new ModelError(path, `holds ${andMore(first, more)}: ${remedy}`);
  }
  for (const [pattern, what] of others) {
    if (names.some((name) => pattern.test(name))) throw new ModelError(path, what);
  }
}

/**
 * A tensor that is not run would be lost without a word, and the model would give other logits than its makers'.
 * @param isKnown whether the model's version has a tensor of a name.
 * @throws ModelError that names the first tensor that no such model has.
 */
export function checkAllKnown(source: TensorSource, model: string, isKnown: (name: string) => boolean): void {
  const [first, ...more] = source.names.filter((name) => !isKnown(name) && !isScale(source, name, isKnown));
  if (first === undefined) return;
  throw new ModelError(source.path, `holds ${andMore(first, more)}, which no ${model} has: ${additionOf(first)}`);
}

function andMore(first: string, { length }: readonly string[]): string {
  return length === 0 ? first : `${first} and ${length} more tensors`;
}

function additionOf(name: string): string {
  const [, what] = additions.find(([pattern]) => pattern.test(name)) ?? [];
  return what ?? "it would be left out; give the model as it was published";
}

/** The scales of a big matrix in our own layouts. */
function isScale(source: TensorSource, name: string, isKnown: (name: string) => boolean): boolean {
  const matrix = name.slice(0, -scaleName("").length);
  if (name !== scaleName(matrix) || !isBigMatrix(matrix) || !isKnown(matrix) || !source.has(matrix)) return false;
  return ["I8", "U8"].includes(source.dtype(matrix));
}
