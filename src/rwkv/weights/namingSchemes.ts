import { ModelError } from "../modelError.js";
import { checkConfig, isHeadTied } from "./huggingFaceConfig.js";
import { renamedSource, type Origin } from "./renamedSource.js";
import type { TensorSource } from "./tensorSource.js";

type Rules = readonly (readonly [RegExp, string])[];

/**
 * Removes the prefixes that training tools add to tensor names: those of data parallelism, FSDP, DeepSpeed,
 * torch.compile, activation checkpointing, PEFT and Lightning.
 */
const wrappers: Rules = [
  [/(^|\.)((_fsdp_wrapped_|_checkpoint_wrapped_|_forward_)?module\.|_orig_mod\.)+/g, "$1"],
  [/^(base_model\.model\.)+/, ""],
  [/^(model\.)+(?=(emb|blocks|ln_out|head|lm_head|rwkv|model)\.)/, ""],
];

/** RWKV-7 in flash-linear-attention (`RWKV7ForCausalLM`). */
const flaRules: Rules = [
  [/^model\.embeddings\./, "emb."],
  [/^model\.norm\./, "ln_out."],
  [/^lm_head\./, "head."],
  [/^model\.layers\./, "blocks."],
  [/\.pre_norm\./, ".ln0."],
  [/\.attn_norm\./, ".ln1."],
  [/\.ffn_norm\./, ".ln2."],
  [/\.attn\./, ".att."],
  [/\.r_proj\./, ".receptance."],
  [/\.k_proj\./, ".key."],
  [/\.v_proj\./, ".value."],
  [/\.o_proj\./, ".output."],
  [/\.g_norm\./, ".ln_x."],
  [/\.(?<letter>[wavg])_lora\.lora\.2\.bias$/, ".$<letter>0"],
  [/\.(?<letter>[wavg])_lora\.lora\.0\.weight$/, ".$<letter>1"],
  [/\.(?<letter>[wavg])_lora\.lora\.2\.weight$/, ".$<letter>2"],
];
const flaLowRank = /_lora\.lora\.[02]\.weight$/;
/** Older files of this scheme stack the six μ in one tensor, in the order of `flaStacked`. */
const flaStack = ".attn.x_x";
const flaStacked = ["r", "w", "k", "v", "a", "g"];

/** RWKV-4, 5 and 6 in transformers, including the World models' remote code (`RwkvForCausalLM` and others). */
const transformersRules: Rules = [
  [/^rwkv\./, ""],
  [/^embeddings\./, "emb."],
  [/\.pre_ln\./, ".ln0."],
  [/\.attention\./, ".att."],
  [/\.feed_forward\./, ".ffn."],
  [/\.time_mix_key$/, ".time_mix_k"],
  [/\.time_mix_value$/, ".time_mix_v"],
  [/\.time_mix_receptance$/, ".time_mix_r"],
  [/\.time_mix_gate$/, ".time_mix_g"],
];

/** RWKV-6 in web-rwkv and Ai00 (.st files). */
const webRwkv6Rules: Rules = [
  [/\.time_mix_/, ".time_maa_"],
  [/\.time_first$/, ".time_faaaa"],
];
const webRwkv6LowRank = /\.(time_mix|time_decay)_w[12]$/;
/**
 * RWKV-5 in web-rwkv and Ai00. Only the bonus differs: time_first is per channel, while BlinkDL's tensor of this name
 * is a logarithm per head.
 */
const webRwkv5Rules: Rules = [[/\.time_first$/, ".time_faaaa"]];
const webRwkv7LowRank = /\.att\.[wavg][12]$/;

/**
 * Presents the tensors of a weights file under BlinkDL's names. The file may have BlinkDL's names, Hugging Face's, or
 * those of web-rwkv and Ai00 (docs/RWKV.md §10), with or without prefixes of training tools. If config.json ties the
 * head to the embedding, the embedding is presented as the head as well.
 * @throws ModelError if the config.json belongs to an unsupported model.
 */
export function withBlinkDLNames(source: TensorSource): TensorSource {
  return withHead(withOneScheme(unwrapped(source)));
}

function unwrapped(source: TensorSource): TensorSource {
  const isWrapped = source.names.some((name) => rename(name, wrappers) !== name);
  return isWrapped ? renamed(source, wrappers) : source;
}

const [head, embedding] = ["head.weight", "emb.weight"];

function withHead(source: TensorSource): TensorSource {
  if (source.has(head) || !source.has(embedding) || !isHeadTied(source.path)) return source;
  const origins = [...source.names, head].map((name): readonly [string, Origin] => {
    return [name, { name: name === head ? embedding : name, kind: "whole" }];
  });
  return renamedSource(source, new Map(origins));
}

function withOneScheme(source: TensorSource): TensorSource {
  if (source.has("model.layers.0.attn.w_lora.lora.0.weight")) {
    checkConfig(source.path, source.shape("model.layers.0.attn.r_k")[1]);
    return renamed(source, flaRules, flaLowRank);
  }
  if (source.has("rwkv.embeddings.weight")) {
    checkConfig(source.path);
    return renamed(source, transformersRules);
  }
  if (source.has("blocks.0.att.time_mix_x")) return renamed(source, webRwkv6Rules, webRwkv6LowRank);
  if (isWebRwkv5(source)) return renamed(source, webRwkv5Rules);
  return isWebRwkv7(source) ? renamed(source, [], webRwkv7LowRank) : source;
}

function isWebRwkv5(source: TensorSource): boolean {
  const bonus = "blocks.0.att.time_first";
  return source.has("blocks.0.att.gate.weight") && source.has(bonus) && source.shape(bonus).length === 2;
}

/** In web-rwkv's files, the low-rank matrices that are multiplied by x are [rank, C], while BlinkDL's are [C, rank]. */
function isWebRwkv7(source: TensorSource): boolean {
  if (!source.has("blocks.0.att.r_k") || !source.has("blocks.0.ffn.key.weight")) return false;
  const [, width] = source.shape("blocks.0.ffn.key.weight");
  return ["w1", "a1", "g1"].some((name) => {
    const factor = `blocks.0.att.${name}`;
    if (!source.has(factor)) return false;
    const [inputs, rank] = source.shape(factor);
    return inputs !== width && rank === width;
  });
}

function renamed(source: TensorSource, rules: Rules, transposed?: RegExp): TensorSource {
  const origins = source.names.flatMap((name): (readonly [string, Origin])[] => {
    if (name.endsWith(flaStack)) return unstacked(source, name, rename(name, rules));
    const kind = transposed?.test(name) === true ? "transposed" : "whole";
    return [[rename(name, rules), { name, kind }]];
  });
  const byName = new Map<string, Origin>();
  for (const [name, origin] of origins) {
    const other = byName.get(name);
    if (other !== undefined) throw new ModelError(source.path, `${other.name} and ${origin.name} are the same tensor`);
    byName.set(name, origin);
  }
  return renamedSource(source, byName);
}

function unstacked(source: TensorSource, name: string, stack: string): (readonly [string, Origin])[] {
  const [rows] = source.shape(name);
  if (rows !== flaStacked.length)
    throw new ModelError(source.path, `${name} has ${rows} rows, not ${flaStacked.length}`);
  return flaStacked.map((letter, row) => [stack.replace(/x$/, letter), { name, kind: "row", row }]);
}

function rename(name: string, rules: Rules): string {
  return rules.reduce((renamed, [pattern, replacement]) => renamed.replace(pattern, replacement), name);
}
