import { ModelError } from "../modelError.js";
import { downloadAgain, readRange } from "./fileRange.js";
import { dequantizeBlocks, splitQ8 } from "./ggufBlocks.js";
import { readGgufHeader, type GgufHeader, type GgufTensor } from "./ggufHeader.js";
import { renamed, type GgufVersion, type TensorChange } from "./ggufNames.js";
import { isBigMatrix, transpose } from "./matrices.js";
import { scaleName } from "./quantized.js";
import { tensorSource, type TensorDescription, type TensorSource } from "./tensorSource.js";

/** How a tensor with BlinkDL's name and shape is derived from a tensor in the file. */
interface Presented extends TensorDescription {
  readonly tensor: GgufTensor;
  readonly change: TensorChange;
  /** Each value is multiplied by this power of 2. */
  readonly factor: number;
  /** "bytes": the bytes in the file. "floats": the values in fp32. "values", "scales": one part of a Q8_0 matrix. */
  readonly as: "bytes" | "floats" | "values" | "scales";
}

const versions: ReadonlyMap<string, GgufVersion> = new Map([
  ["rwkv6", 6],
  ["rwkv7", 7],
]);
const hybrids = ["arwkv7", "rwkv6qwen2"];
const epsilon = 1e-5;

/**
 * Opens a GGUF file of an RWKV-6 or RWKV-7 model (docs/RWKV.md §10). Tensors get BlinkDL's names and shapes. Large
 * Q8_0 matrices keep their 8-bit values, because Q8_0 is equivalent to our 8-bit layout. Everything else that is
 * quantized becomes fp32.
 * @throws ModelError if the file is damaged or belongs to another kind of model.
 */
export function openGguf(path: string): TensorSource {
  const header = readGgufHeader(path);
  const { version, headSize, rescaleEvery } = checkedModel(path, header);
  const presented = new Map<string, Presented>();
  for (const [ggufName, tensor] of header.tensors) {
    const names = renamed(ggufName, version);
    if (names === undefined) throw new ModelError(path, `holds ${ggufName}, which RWKV-${version} does not have`);
    for (const { name, change } of names) {
      const factor = rescaleEvery === 0 ? 1 : rescaled(name, rescaleEvery);
      const shape = shapeAfter(path, ggufName, { tensor, change, headSize });
      for (const [blinkDLName, description] of presentations(name, { tensor, change, factor, shape })) {
        if (presented.has(blinkDLName)) {
          throw new ModelError(path, `holds ${blinkDLName} twice, under two names; ${downloadAgain}`);
        }
        presented.set(blinkDLName, description);
      }
    }
  }
  return tensorSource(path, presented, {
    all: (tensor) => readAll(path, tensor),
    rows: (tensor, begin, end) => readSomeRows(path, tensor, begin, end),
  });
}

interface CheckedModel {
  readonly version: GgufVersion;
  readonly headSize: number;
  /**
   * RWKV-6: llama.cpp halves x after every `rescaleEvery` blocks, and its converter scales down the matrices whose
   * outputs are added to x. 0: neither is done.
   */
  readonly rescaleEvery: number;
}

function checkedModel(path: string, { values }: GgufHeader): CheckedModel {
  const parts = values.get("split.count") ?? 0; // checked first: later shards lack the other keys
  if (Number(parts) > 1) {
    throw new ModelError(path, `is one of ${parts} shards; join them with llama-gguf-split --merge`);
  }
  const architecture = String(values.get("general.architecture") ?? "unnamed");
  if (hybrids.includes(architecture)) {
    const what = "a hybrid that replaces another model's attention with RWKV";
    throw new ModelError(path, `is ${architecture}, ${what}; rwkv6 and rwkv7 are supported`);
  }
  const version = versions.get(architecture);
  if (version === undefined) {
    throw new ModelError(path, `has the architecture ${JSON.stringify(architecture)}; rwkv6 and rwkv7 are supported`);
  }
  const key = (name: string): number => Number(values.get(`${architecture}.${name}`) ?? 0);
  const eps = key("attention.layer_norm_epsilon");
  if (Math.abs(eps - epsilon) > epsilon / 100) {
    throw new ModelError(path, `its layer norms have an epsilon of ${eps}, not ${epsilon} as in RWKV`);
  }
  return { version, headSize: key("wkv.head_size"), rescaleEvery: key("rescale_every_n_layers") };
}

/** The factor by which llama.cpp's converter divided a tensor, to avoid overflow in half precision; 1 if it did not. */
function rescaled(name: string, every: number): number {
  const match = /^blocks\.(\d+)\.(att\.output|ffn\.value)\.weight$/.exec(name);
  return match === null ? 1 : 2 ** Math.floor(Number(match[1]) / every);
}

interface Change {
  readonly tensor: GgufTensor;
  readonly change: TensorChange;
  readonly headSize: number;
}

function shapeAfter(path: string, name: string, { tensor: { shape }, change, headSize }: Change): readonly number[] {
  const elements = shape.reduce((product, length) => product * length, 1);
  const [rows = 0, columns = 0] = shape.slice(-2);
  switch (change.kind) {
    case "none":
      return shape;
    case "transposed":
      if (shape.length >= 2) return [...shape.slice(0, -2), columns, rows];
      break;
    case "heads":
      if (headSize > 0 && elements % headSize === 0) return [elements / headSize, headSize];
      break;
    case "part":
      if (elements === change.count * columns) return [1, 1, columns];
      break;
  }
  throw new ModelError(path, `its ${name} has the unexpected shape [${shape.join(", ")}]; ${downloadAgain}`);
}

type Derivation = Omit<Presented, "as" | "dtype">;

/** The tensors that one tensor provides: usually one; for a large Q8_0 matrix two, its 8-bit values and its scales. */
function presentations(name: string, derivation: Derivation): (readonly [string, Presented])[] {
  const { tensor, change, factor, shape } = derivation;
  const { dtype, name: type, blockElements } = tensor.type;
  if (type === "Q8_0" && isBigMatrix(name) && change.kind === "none") {
    const perRow = [...shape.slice(0, -1), (shape.at(-1) ?? 0) / blockElements];
    return [
      [name, { ...derivation, dtype: "I8", as: "values" }],
      [scaleName(name), { ...derivation, shape: perRow, dtype: "F32", as: "scales" }],
    ];
  }
  if (dtype !== undefined && factor === 1 && (change.kind === "none" || change.kind === "heads")) {
    return [[name, { ...derivation, dtype, as: "bytes" }]];
  }
  return [[name, { ...derivation, dtype: "F32", as: "floats" }]];
}

function readAll(path: string, presented: Presented): Uint8Array<ArrayBuffer> {
  return presentedBytes(readRange(path, presented.tensor.begin, presented.tensor.end), presented);
}

/**
 * Reads only the wanted rows, if the tensor is not changed and its rows are whole blocks of the file. Any other tensor
 * is small and is read completely.
 */
function readSomeRows(path: string, presented: Presented, begin: number, end: number): Uint8Array<ArrayBuffer> {
  const { tensor, change, shape } = presented;
  const [rows = 1] = shape;
  const rowBytes = (tensor.end - tensor.begin) / rows;
  const isInPlace = (change.kind === "none" || change.kind === "heads") && rowBytes % tensor.type.blockBytes === 0;
  if (isInPlace) {
    const from = tensor.begin + begin * rowBytes;
    return presentedBytes(readRange(path, from, from + (end - begin) * rowBytes), presented);
  }
  const bytes = readAll(path, presented);
  const size = bytes.length / rows;
  return bytes.slice(begin * size, end * size);
}

function presentedBytes(bytes: Uint8Array<ArrayBuffer>, presented: Presented): Uint8Array<ArrayBuffer> {
  const { tensor, factor } = presented;
  switch (presented.as) {
    case "bytes":
      return bytes;
    case "values":
      return bytesOf(splitQ8(bytes).values);
    case "scales":
      return bytesOf(times(splitQ8(bytes).scales, factor));
    case "floats":
      return bytesOf(times(changed(dequantizeBlocks(bytes, tensor.type), presented), factor));
  }
}

function changed(floats: Float32Array, { tensor, change }: Presented): Float32Array {
  const [rows = 1, columns = 1] = tensor.shape.slice(-2);
  if (change.kind === "part") return floats.slice(change.index * columns, (change.index + 1) * columns);
  if (change.kind !== "transposed") return floats;
  const result = new Float32Array(floats.length);
  for (let at = 0; at < floats.length; at += rows * columns) {
    result.set(transpose(floats.subarray(at, at + rows * columns), rows, columns), at);
  }
  return result;
}

/** Multiplies by a power of 2, which is exact. */
function times(values: Float32Array, factor: number): Float32Array {
  return factor === 1 ? values : values.map((value) => value * factor);
}

function bytesOf(values: Float32Array | Int8Array): Uint8Array<ArrayBuffer> {
  // Each of these arrays was created with an ArrayBuffer of its own.
  return new Uint8Array(values.buffer as ArrayBuffer);
}
