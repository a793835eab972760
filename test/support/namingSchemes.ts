import { elementBytes } from "../../src/rwkv/weights/dtypes.js";
import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { tensorsOf, type WrittenTensor } from "./tensorFile.js";

type Tensors = Record<string, WrittenTensor>;

/** The name under which a tensor is written, and whether its last two dimensions are transposed. */
interface Written {
  readonly name: string;
  readonly isTransposed?: boolean;
}

function written(source: TensorSource, write: (name: string) => Written | undefined): Tensors {
  const tensors = Object.entries(tensorsOf(source)).flatMap(([name, tensor]) => {
    const wanted = write(name);
    if (wanted === undefined) return [];
    return [[wanted.name, wanted.isTransposed === true ? transposed(tensor) : tensor] as const];
  });
  return Object.fromEntries(tensors);
}

const flaProjections: Readonly<Record<string, string>> = {
  receptance: "r_proj",
  key: "k_proj",
  value: "v_proj",
  output: "o_proj",
  ln_x: "g_norm",
};
const flaParts: Readonly<Record<string, string>> = {
  att: "attn",
  ffn: "ffn",
  ln0: "pre_norm",
  ln1: "attn_norm",
  ln2: "ffn_norm",
};
const flaFrame: Readonly<Record<string, string>> = {
  "emb.weight": "model.embeddings.weight",
  "ln_out.weight": "model.norm.weight",
  "ln_out.bias": "model.norm.bias",
  "head.weight": "lm_head.weight",
};

/** An RWKV-7 model with the tensor names and the layout of flash-linear-attention's converter. */
export function flaTensors(source: TensorSource): Tensors {
  return written(source, (name) => {
    const frame = flaFrame[name];
    if (frame !== undefined) return { name: frame };
    if (/^blocks\.0\.att\.v[012]$/.test(name)) return undefined;
    const [, layer = "", part = "", last = ""] = name.split(".");
    const tail = name.split(".").slice(4).join(".");
    const prefix = `model.layers.${layer}.${flaParts[part]}`;
    if (part === "att" && /^[wvag][012]$/.test(last)) {
      const place = { "0": "2.bias", "1": "0.weight", "2": "2.weight" }[last[1]!];
      return { name: `${prefix}.${last[0]}_lora.lora.${place}`, isTransposed: last[1] !== "0" };
    }
    const stem = part === "att" ? (flaProjections[last] ?? last) : last;
    return { name: [prefix, stem, tail].filter((one) => one !== "").join(".") };
  });
}

/** The older form of `flaTensors`: the six μ of a layer are stacked into one tensor. */
export function stackedFlaTensors(source: TensorSource): Tensors {
  const tensors = flaTensors(source);
  const layers = source.names.filter((name) => name.endsWith(".att.r_k")).length;
  for (let layer = 0; layer < layers; layer++) {
    const names = ["r", "w", "k", "v", "a", "g"].map((letter) => `model.layers.${layer}.attn.x_${letter}`);
    const rows = names.map((name) => tensors[name]!);
    for (const name of names) Reflect.deleteProperty(tensors, name);
    const { dtype, shape } = rows[0]!;
    const bytes = Buffer.concat(rows.map((row) => row.bytes));
    tensors[`model.layers.${layer}.attn.x_x`] = { dtype, shape: [6, shape.at(-1)!], bytes };
  }
  return tensors;
}

const wholeLetters: Readonly<Record<string, string>> = { k: "key", v: "value", r: "receptance", g: "gate" };

/** An RWKV-4, 5 or 6 model with the tensor names of the converters for transformers. */
export function transformersTensors(source: TensorSource): Tensors {
  return written(source, (name) => {
    if (name === "head.weight") return { name };
    const inside = name
      .replace(/^emb\./, "embeddings.")
      .replace(".ln0.", ".pre_ln.")
      .replace(".att.", ".attention.")
      .replace(".ffn.", ".feed_forward.")
      .replace(/time_mix_([kvrg])$/, (_, letter: string) => `time_mix_${wholeLetters[letter]}`);
    return { name: `rwkv.${inside}` };
  });
}

/** A model with the tensor names and the layout of the converters of web-rwkv and Ai00. */
export function webRwkvTensors(source: TensorSource): Tensors {
  return written(source, (name) => ({
    name: name.replace("time_faaaa", "time_first").replace("time_maa", "time_mix").toLowerCase(),
    isTransposed: /(time_maa|time_decay)_w[12]$|\.[wavg][12]$/.test(name),
  }));
}

/** Transposes the last two dimensions. */
function transposed({ dtype, shape, bytes }: WrittenTensor): WrittenTensor {
  const [rows = 1, columns = 1] = shape.slice(-2);
  const size = elementBytes(dtype);
  const result = new Uint8Array(bytes.length);
  const matrices = bytes.length / (rows * columns * size);
  for (let m = 0; m < matrices; m++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const from = (m * rows * columns + row * columns + column) * size;
        result.set(bytes.subarray(from, from + size), (m * rows * columns + column * rows + row) * size);
      }
    }
  }
  return { dtype, shape: [...shape.slice(0, -2), columns, rows], bytes: result };
}
