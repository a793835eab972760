import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { packedAtRandom, packedBf16, packedF16, packedQ8 } from "./ggufBlocks.js";
import { ggufTypes, value, type GgufTypeName, type WrittenGguf, type WrittenGgufTensor } from "./ggufFile.js";
import { randomFrom } from "./random.js";

/** A model as llama.cpp's converter writes it. */
export interface WrittenModel {
  readonly file: WrittenGguf;
  /** The values of the tensors whose stored values differ from the source's, by BlinkDL's names. */
  readonly values: ReadonlyMap<string, Float32Array>;
}

export interface GgufModelOptions {
  readonly version: 6 | 7;
  readonly headSize: number;
  readonly tokens: readonly string[];
  readonly kinds: readonly number[];
  /** Type of the large matrices. F16, BF16 and Q8_0 round the source's values; other block types hold random values. */
  readonly matrices: GgufTypeName;
  /** Type of the embedding; by default F32 if the matrices have that type, otherwise F16. */
  readonly embedding?: GgufTypeName;
  /** For RWKV-6: the values of output matrices are halved once more every `rescaleEvery` layers; 0 for never. */
  readonly rescaleEvery?: number;
}

/** The types that round the source's values. */
const rounded = { F16: packedF16, BF16: packedBf16, Q8_0: packedQ8 } as const;

function isRounded(type: GgufTypeName): type is keyof typeof rounded {
  return Object.hasOwn(rounded, type);
}

const order7 = ["r", "w", "k", "v", "a", "g"];
const order6 = ["w", "k", "v", "r", "g"];

const outside: Readonly<Record<string, string>> = {
  "emb.weight": "token_embd.weight",
  "blocks.0.ln0.weight": "token_embd_norm.weight",
  "blocks.0.ln0.bias": "token_embd_norm.bias",
  "ln_out.weight": "output_norm.weight",
  "ln_out.bias": "output_norm.bias",
  "head.weight": "output.weight",
};
const inside: readonly (readonly [RegExp, string])[] = [
  [/^ln1\./, "attn_norm."],
  [/^ln2\./, "attn_norm_2."],
  [/^att\.ln_x\./, "time_mix_ln."],
  [/^att\.(receptance|key|value|output|gate)\.weight/, "time_mix_$1.weight"],
  [/^ffn\.(receptance|key|value)\.weight/, "channel_mix_$1.weight"],
  [/^ffn\.(?:x|time_maa)_([kr])$/, "channel_mix_lerp_$1.weight"],
  [/^att\.time_maa_x$/, "time_mix_lerp_x.weight"],
  [/^att\.time_maa_(w\d)$/, "time_mix_$1.weight"],
  [/^att\.time_decay(_w\d)?$/, "time_mix_decay$1.weight"],
  [/^att\.time_faaaa$/, "time_mix_first.weight"],
  [/^att\.(\w+)$/, "time_mix_$1.weight"],
];
const lowRank = /^att\.([wavg][12]|time_maa_w\d|time_decay_w\d)$/;
const matrix = /\.(receptance|key|value|output|gate)\.weight$|^head\.weight$/;
const lerps = /^att\.(x_[rwkvag]|time_maa_[wkvrg])$/;

export function ggufModel(source: TensorSource, options: GgufModelOptions): WrittenModel {
  const random = randomFrom(31);
  const values = new Map<string, Float32Array>();
  const tensors: WrittenGgufTensor[] = [];
  const every = (options.rescaleEvery ?? 0) === 0 ? Infinity : options.rescaleEvery!;
  const blocks = 1 + Math.max(...source.names.map((name) => Number(/^blocks\.(\d+)/.exec(name)?.[1] ?? 0)));
  for (const name of source.names) {
    const [, block = "", inner = ""] = /^blocks\.(\d+)\.(.+)$/.exec(name) ?? [];
    if (lerps.test(inner) || (block === "0" && /^att\.v\d$/.test(inner))) continue;
    const at = `blk.${block}.`;
    const found = inside.find(([pattern]) => pattern.test(inner));
    const ggufName = outside[name] ?? at + inner.replace(found![0], found![1]);
    if (matrix.test(name) || name === "emb.weight") {
      const factor = /output\.weight|ffn\.value/.test(inner) ? 2 ** -Math.floor(Number(block) / every) : 1;
      tensors.push(bigTensor(name, ggufName, factor));
    } else if (lowRank.test(inner)) {
      tensors.push(floatTensor(ggufName, flipped(source.readFloats(name), source.shape(name))));
    } else {
      const shape = source.shape(name).filter((length) => length > 1);
      tensors.push(
        floatTensor(ggufName, {
          shape: inner === "att.r_k" ? [shape.reduce((a, b) => a * b, 1)] : shape,
          floats: source.readFloats(name),
        }),
      );
    }
  }
  for (let block = 0; block < blocks; block++) {
    tensors.push(fusedLerps(block));
    if (options.version === 7 && block === 0) {
      // The first layer has no tensors v0 to v2, so the converter writes copies of its tensors a0 to a2.
      for (const i of [0, 1, 2])
        tensors.push({
          ...tensors.find(({ name }) => name === `blk.0.time_mix_a${i}.weight`)!,
          name: `blk.0.time_mix_v${i}.weight`,
        });
    }
  }
  return { file: { keys: keysOf(source, options, blocks), tensors }, values };

  function bigTensor(name: string, ggufName: string, factor: number): WrittenGgufTensor {
    const shape = source.shape(name);
    const floats = source.readFloats(name).map((one) => one * factor);
    const embedding = options.embedding ?? (options.matrices === "F32" ? "F32" : "F16");
    const type = name === "emb.weight" ? embedding : options.matrices;
    if (type === "F32") return floatTensor(ggufName, { shape, floats });
    if (type === source.dtype(name) && factor === 1) {
      return { name: ggufName, shape, type: ggufTypes[type], bytes: source.readBytes(name) };
    }
    const packed = isRounded(type) ? rounded[type](floats) : packedAtRandom(type, floats.length, random);
    values.set(
      name,
      packed.values.map((one) => one / factor),
    );
    return { name: ggufName, shape, type: ggufTypes[type], bytes: packed.bytes };
  }

  function fusedLerps(block: number): WrittenGgufTensor {
    const [order, prefix] = options.version === 7 ? [order7, "x"] : [order6, "time_maa"];
    const parts = order.map((letter) => source.readFloats(`blocks.${block}.att.${prefix}_${letter}`));
    const width = parts[0]!.length;
    const floats = new Float32Array(width * parts.length);
    parts.forEach((part, i) => {
      floats.set(part, i * width);
    });
    return floatTensor(`blk.${block}.time_mix_lerp_fused.weight`, { shape: [order.length, 1, 1, width], floats });
  }
}

interface Floats {
  readonly shape: readonly number[];
  readonly floats: Float32Array;
}

function floatTensor(name: string, { shape, floats }: Floats): WrittenGgufTensor {
  return { name, shape, type: ggufTypes.F32, bytes: new Uint8Array(floats.slice().buffer) };
}

/** Transposes the last two dimensions. */
function flipped(floats: Float32Array, shape: readonly number[]): Floats {
  const [rows = 0, columns = 0] = shape.slice(-2);
  const result = new Float32Array(floats.length);
  floats.forEach((one, i) => {
    const [batch, row, column] = [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns];
    result[batch * rows * columns + column * rows + row] = one;
  });
  return { shape: [...shape.slice(0, -2), columns, rows], floats: result };
}

function keysOf(source: TensorSource, options: GgufModelOptions, blocks: number): (readonly [string, Buffer])[] {
  const { version, headSize, tokens, kinds, rescaleEvery = 0 } = options;
  const [, width = 0] = source.shape("emb.weight");
  const [ffnWidth = 0] = source.shape("blocks.0.ffn.key.weight");
  const rank = (name: string): number => source.shape(`blocks.1.att.${name}`)[1]!;
  const arch = `rwkv${version}`;
  const ranks: readonly (readonly [string, number])[] =
    version === 7
      ? [
          ["attention.decay_lora_rank", rank("w1")],
          ["attention.iclr_lora_rank", rank("a1")],
          ["attention.value_residual_mix_lora_rank", rank("v1")],
          ["attention.gate_lora_rank", rank("g1")],
        ]
      : [
          ["time_mix_extra_dim", rank("time_maa_w1") / 5],
          ["time_decay_extra_dim", rank("time_decay_w1")],
          ["rescale_every_n_layers", rescaleEvery],
        ];
  const numbers: readonly (readonly [string, number])[] = [
    ["context_length", 1_048_576],
    ["embedding_length", width],
    ["block_count", blocks],
    ["feed_forward_length", ffnWidth],
    ["attention.head_count", 0],
    ["wkv.head_size", headSize],
    ...ranks,
  ];
  return [
    ["general.architecture", value.text(arch)],
    ["general.name", value.text("random")],
    ...numbers.map(([name, number]) => [`${arch}.${name}`, value.uint32(number)] as const),
    [`${arch}.attention.layer_norm_epsilon`, value.float32(1e-5)],
    ["tokenizer.ggml.model", value.text("rwkv")],
    ["tokenizer.ggml.tokens", value.texts(tokens)],
    ["tokenizer.ggml.token_type", value.int32s(kinds)],
    ["tokenizer.ggml.bos_token_id", value.uint32(0)],
    ["tokenizer.ggml.eos_token_id", value.uint32(0)],
    ["tokenizer.ggml.eot_token_id", value.uint32(0)],
  ];
}
