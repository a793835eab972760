import { ModelError } from "./modelError.js";
import { isBigMatrix } from "./weights/matrices.js";
import { scaleName } from "./weights/quantized.js";
import type { TensorSource } from "./weights/tensorSource.js";

export const supported = "RWKV-4, 5, 6 and 7 are supported";

const adapter = /\.(lora_\w+|base_layer|bone|disha|miss|pissa)(\.|$)/;

/** Models that share tensor names with the supported ones but compute something else. */
const others: readonly (readonly [RegExp, string])[] = [
  [/\.ffn\.s_emb|^blocks\.\d+\.qkv\.|^qkv\./, `is an RWKV-7a or 7b model with DeepEmbed; ${supported}`],
  [/tiny_q/, `is an RWKV-4a or 4b model; ${supported}`],
  [/gate_w1|time_maa_rkvw_w1/, `is an experimental RWKV-6 model (x060a, b or c); ${supported}`],
  [/\bexperts?\b|\bmoe\b|\brouter\b/, `is a mixture of experts; ${supported}`],
  [/\bself_attn\b/, `is a model with attention, or a hybrid of attention and RWKV; ${supported}`],
  [/\.time_state$/, `is a state-tuned model or contains tuned states, which are not supported; ${supported}`],
];

/** Patterns for the names of tensors that unsupported variants add, with explanations for the error message. */
const additions: readonly (readonly [RegExp, string])[] = [
  [/^head_[qk]\./, "it belongs to a copy mechanism, which is not supported"],
  [/^pos_emb/, "it is a position embedding, which is not supported"],
  [/\.bias$/, "it is a bias that no published model has, which is not supported"],
];

/** @throws ModelError if the tensors belong to an unsupported kind of model, or to an adapter. */
export function checkKind({ path, names }: TensorSource): void {
  const [first, ...more] = names.filter((name) => adapter.test(name));
  if (first !== undefined) {
    const remedy = "these are unmerged adapter weights; merge them into the model first";
    throw new ModelError(path, `contains ${andMore(first, more)}; ${remedy}`);
  }
  for (const [pattern, what] of others) {
    if (names.some((name) => pattern.test(name))) throw new ModelError(path, what);
  }
}

/**
 * Checks that all tensors are known. Ignoring an unknown tensor would silently change the model's logits.
 * @param isKnown returns whether models of this version have a tensor with this name.
 * @throws ModelError that names the first unknown tensor.
 */
export function checkAllKnown(source: TensorSource, model: string, isKnown: (name: string) => boolean): void {
  const [first, ...more] = source.names.filter((name) => !isKnown(name) && !isScale(source, name, isKnown));
  if (first === undefined) return;
  throw new ModelError(
    source.path,
    `contains ${andMore(first, more)}, which ${model} does not have: ${additionOf(first)}`,
  );
}

function andMore(first: string, { length }: readonly string[]): string {
  return length === 0 ? first : `${first} and ${length} more tensors`;
}

function additionOf(name: string): string {
  const [, what] = additions.find(([pattern]) => pattern.test(name)) ?? [];
  return what ?? "it would be ignored; give the model as it was published";
}

/** True if the tensor contains the scales of a large matrix in one of our layouts. */
function isScale(source: TensorSource, name: string, isKnown: (name: string) => boolean): boolean {
  const matrix = name.slice(0, -scaleName("").length);
  if (name !== scaleName(matrix) || !isBigMatrix(matrix) || !isKnown(matrix) || !source.has(matrix)) return false;
  return ["I8", "U8"].includes(source.dtype(matrix));
}
