/**
 * Tensor names and their shapes, in the letters of docs/RWKV.md §6. C, F, H, N and V are the model's sizes. Lower-case
 * letters are ranks of low-rank pairs; the first tensor with a letter defines its value.
 */
export type ShapeTable = Readonly<Record<string, string>>;

/** The tensors outside the blocks, and block 0's ln0. They are the same in all versions. */
export const frame: ShapeTable = {
  "emb.weight": "V C",
  "blocks.0.ln0.weight": "C",
  "blocks.0.ln0.bias": "C",
  "ln_out.weight": "C",
  "ln_out.bias": "C",
  "head.weight": "V C",
};

const everyBlock: ShapeTable = {
  ...vectors("", ["ln1.weight", "ln1.bias", "ln2.weight", "ln2.bias"]),
  "att.receptance.weight": "C C",
  "att.key.weight": "C C",
  "att.value.weight": "C C",
  "att.output.weight": "C C",
  "ffn.key.weight": "F C",
  "ffn.value.weight": "C F",
};

export const block4: ShapeTable = {
  ...everyBlock,
  ...vectors("att.", ["time_decay", "time_first", "time_mix_k", "time_mix_v", "time_mix_r"]),
  ...vectors("ffn.", ["time_mix_k", "time_mix_r"]),
  "ffn.receptance.weight": "C C",
};

/** RWKV-5.0 without the bonus. Files contain either its logarithm, `time_first`, or the bonus itself, `time_faaaa`. */
export const block50: ShapeTable = {
  ...everyBlock,
  ...vectors("att.", ["time_mix_k", "time_mix_v", "time_mix_r", "ln_x.weight", "ln_x.bias"]),
  ...vectors("ffn.", ["time_mix_k", "time_mix_r"]),
  "att.time_decay": "H",
  "ffn.receptance.weight": "C C",
};

export const block51: ShapeTable = {
  ...block50,
  "att.time_faaaa": "H",
  "att.time_mix_g": "C",
  "att.gate.weight": "C C",
};

export const block52: ShapeTable = { ...block51, "att.time_decay": "H N", "att.time_faaaa": "H N" };

export const block6: ShapeTable = {
  ...everyBlock,
  ...vectors("att.time_maa_", ["x", "w", "k", "v", "r", "g"]),
  ...vectors("att.", ["time_decay", "ln_x.weight", "ln_x.bias"]),
  ...vectors("ffn.time_maa_", ["k", "r"]),
  "att.time_maa_w2": "5 d C",
  "att.time_maa_w1": "C 5d",
  "att.time_decay_w1": "C w",
  "att.time_decay_w2": "w C",
  "att.time_faaaa": "H N",
  "att.gate.weight": "C C",
  "ffn.receptance.weight": "C C",
};

/** In block 0 of RWKV-7, v0, v1 and v2 are absent or unused. */
export const firstBlock7: ShapeTable = {
  ...everyBlock,
  ...vectors("att.x_", ["r", "w", "k", "v", "a", "g"]),
  ...vectors("att.", ["w0", "a0", "k_k", "k_a", "ln_x.weight", "ln_x.bias"]),
  "att.w1": "C w",
  "att.w2": "w C",
  "att.a1": "C a",
  "att.a2": "a C",
  "att.g1": "C g",
  "att.g2": "g C",
  "att.r_k": "H N",
  "ffn.x_k": "C",
};

export const block7: ShapeTable = { ...firstBlock7, "att.v0": "C", "att.v1": "C v", "att.v2": "v C" };

function vectors(prefix: string, names: readonly string[]): ShapeTable {
  return Object.fromEntries(names.map((name) => [`${prefix}${name}`, "C"]));
}
