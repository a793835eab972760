/** BlinkDL's name for a GGUF tensor, and the change that gives the tensor BlinkDL's shape (docs/RWKV.md §10). */
export interface Renamed {
  readonly name: string;
  readonly change: TensorChange;
}

/**
 * "transposed": the last two dimensions of a low-rank matrix are swapped. "part": one of several vectors that the file
 * stores in one tensor. "heads": a flat vector gets the shape [heads, head size].
 */
export type TensorChange =
  | { readonly kind: "none" }
  | { readonly kind: "transposed" }
  | { readonly kind: "heads" }
  | { readonly kind: "part"; readonly index: number; readonly count: number };

export type GgufVersion = 6 | 7;

const same: TensorChange = { kind: "none" };
const transposed: TensorChange = { kind: "transposed" };

/** Tensors outside the blocks. */
const outside: Readonly<Record<string, string>> = {
  "token_embd.weight": "emb.weight",
  "token_embd_norm.weight": "blocks.0.ln0.weight",
  "token_embd_norm.bias": "blocks.0.ln0.bias",
  "output_norm.weight": "ln_out.weight",
  "output_norm.bias": "ln_out.bias",
  "output.weight": "head.weight",
};

/** Names that both versions use, without `.weight` and `.bias`. */
const ofBoth: Readonly<Record<string, string>> = {
  attn_norm: "ln1",
  attn_norm_2: "ln2",
  time_mix_ln: "att.ln_x",
  time_mix_receptance: "att.receptance",
  time_mix_key: "att.key",
  time_mix_value: "att.value",
  time_mix_output: "att.output",
  channel_mix_key: "ffn.key",
  channel_mix_value: "ffn.value",
};

const of6: Readonly<Record<string, readonly [string, TensorChange]>> = {
  time_mix_gate: ["att.gate.weight", same],
  channel_mix_receptance: ["ffn.receptance.weight", same],
  time_mix_w1: ["att.time_maa_w1", transposed],
  time_mix_w2: ["att.time_maa_w2", transposed],
  time_mix_decay: ["att.time_decay", same],
  time_mix_decay_w1: ["att.time_decay_w1", transposed],
  time_mix_decay_w2: ["att.time_decay_w2", transposed],
  time_mix_first: ["att.time_faaaa", { kind: "heads" }],
  channel_mix_lerp_k: ["ffn.time_maa_k", same],
  channel_mix_lerp_r: ["ffn.time_maa_r", same],
  ...Object.fromEntries(["x", "w", "k", "v", "r", "g"].map((z) => [`time_mix_lerp_${z}`, [`att.time_maa_${z}`, same]])),
};

const of7: Readonly<Record<string, readonly [string, TensorChange]>> = {
  time_mix_k_k: ["att.k_k", same],
  time_mix_k_a: ["att.k_a", same],
  time_mix_r_k: ["att.r_k", { kind: "heads" }],
  channel_mix_lerp_k: ["ffn.x_k", same],
  ...Object.fromEntries(["w0", "a0", "v0"].map((name) => [`time_mix_${name}`, [`att.${name}`, same]])),
  ...Object.fromEntries(
    ["w1", "w2", "a1", "a2", "v1", "v2", "g1", "g2"].map((name) => [`time_mix_${name}`, [`att.${name}`, transposed]]),
  ),
};

/** The mixing vectors that newer files store in one tensor, in this order. */
const fused: Readonly<Record<GgufVersion, readonly string[]>> = {
  6: ["w", "k", "v", "r", "g"].map((letter) => `att.time_maa_${letter}`),
  7: ["r", "w", "k", "v", "a", "g"].map((letter) => `att.x_${letter}`),
};

/**
 * Finds BlinkDL's names for a tensor of a GGUF file. The tensor may provide several of BlinkDL's tensors, or none if it
 * is unused.
 * @returns undefined if models of this version have no such tensor.
 */
export function renamed(name: string, version: GgufVersion): readonly Renamed[] | undefined {
  const outsideName = Object.hasOwn(outside, name) ? outside[name] : undefined;
  if (outsideName !== undefined) return [{ name: outsideName, change: same }];
  const match = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(name);
  if (match === null) return undefined;
  const [, block = "", part = "", kind = ""] = match;
  const inBlock = (inner: string, change: TensorChange): Renamed => ({ name: `blocks.${block}.${inner}`, change });
  const both = Object.hasOwn(ofBoth, part) ? ofBoth[part] : undefined;
  if (both !== undefined) return [inBlock(`${both}.${kind}`, same)];
  if (kind !== "weight") return undefined;
  // Block 0 does not use these tensors; llama.cpp's converter adds them as dummies.
  if (version === 7 && Number(block) === 0 && /^time_mix_v\d$/.test(part)) return [];
  if (part === "time_mix_lerp_fused") {
    return fused[version].map((inner, index) => inBlock(inner, { kind: "part", index, count: fused[version].length }));
  }
  const table = version === 6 ? of6 : of7;
  const entry = Object.hasOwn(table, part) ? table[part] : undefined;
  return entry === undefined ? undefined : [inBlock(...entry)];
}
