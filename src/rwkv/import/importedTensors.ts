import { isHalfPrecision } from "../weights/dtypes.js";
import {
  formatOfMatrix,
  isBigMatrix,
  isLowRank,
  matricesOf,
  shapeOfValues,
  type WeightFormat,
} from "../weights/matrices.js";
import { scaleName } from "../weights/quantized.js";
import { tensorBytes, type NamedTensor, type TensorPart } from "../weights/safetensorsFile.js";
import { checkFinite, rowsOf, type TensorSource } from "../weights/tensorSource.js";

/** "none" copies every tensor as it is. The others convert the large matrices to one of our layouts. */
export type Quantization = "none" | Exclude<WeightFormat, "fp32">;

const group = 32;
/** Maximum number of values read at a time, unless a single row has more. */
const sliceFloats = 2 ** 20;

/**
 * The tensors that an import writes. Nothing is read until a part's `make` is called; `make` reads its tensor some rows
 * at a time.
 * @throws ModelError from `make` if a tensor contains NaN or infinity.
 */
export function importedTensors(source: TensorSource, quantization: Quantization): TensorPart[] {
  return source.names.flatMap((name) => {
    if (quantization === "none") return copied(source, name);
    if (isScaleOfMatrix(source, name)) return []; // a scale is written with its matrix
    if (isBigMatrix(name)) return matrix(source, name, quantization);
    // Engines can read these tensors in half precision, so they are copied as they are.
    return name === "emb.weight" || isHalfPrecisionLowRank(source, name)
      ? copied(source, name)
      : asFloats(source, name);
  });
}

function isHalfPrecisionLowRank(source: TensorSource, name: string): boolean {
  return isLowRank(name) && isHalfPrecision(source.dtype(name));
}

/** Total size of the written tensors. */
export function importedBytes(parts: readonly TensorPart[]): number {
  return parts.flatMap(({ tensors }) => tensors).reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
}

function isScaleOfMatrix(source: TensorSource, name: string): boolean {
  const big = name.slice(0, -scaleName("").length);
  return isBigMatrix(big) && name === scaleName(big) && source.has(big);
}

function copied(source: TensorSource, name: string): TensorPart {
  const dtype = source.dtype(name);
  const read = (rows: TensorSource): Uint8Array => {
    const bytes = rows.readBytes(name);
    checkFinite(source.path, name, { dtype, bytes });
    return bytes;
  };
  return { tensors: [{ name, dtype, shape: source.shape(name) }], make: () => rowSlices(source, name, read) };
}

function asFloats(source: TensorSource, name: string): TensorPart {
  const make = (): Iterable<Uint8Array> => rowSlices(source, name, (rows) => bytesOf(rows.readFloats(name)));
  return { tensors: [{ name, dtype: "F32", shape: source.shape(name) }], make };
}

/** A large matrix in the given format. If the source already has this format, the bytes are copied. */
function matrix(source: TensorSource, name: string, quantization: WeightFormat): TensorPart[] {
  const [out = 0, inputs = 0] = shapeOfValues(source, name);
  const format = formatOfMatrix(name, inputs, quantization);
  if (format === "fp32") return [asFloats(source, name)];
  const [dtype, columns] = format === "int8" ? (["I8", inputs] as const) : (["U8", inputs / 2] as const);
  if (source.dtype(name) === dtype) return [copied(source, name), copied(source, scaleName(name))];
  const make = function* (): Iterable<Uint8Array> {
    const scales = new Float32Array((out * inputs) / group);
    let row = 0;
    yield* rowSlices(source, name, (rows) => {
      const quantized = matricesOf(rows, quantization)(name);
      if (quantized.kind === "floats") throw new Error(`${name} was not quantized`);
      scales.set(quantized.scales, (row * inputs) / group);
      row += quantized.out;
      return bytesOf(quantized.values);
    });
    yield bytesOf(scales);
  };
  const tensors: readonly NamedTensor[] = [
    { name, dtype, shape: [out, columns] },
    { name: scaleName(name), dtype: "F32", shape: [out, inputs / group] },
  ];
  return [{ tensors, make }];
}

/** Yields the bytes of a tensor, some rows at a time. */
function* rowSlices(
  source: TensorSource,
  name: string,
  read: (rows: TensorSource) => Uint8Array,
): Iterable<Uint8Array> {
  const [count, ...lengths] = shapeOfValues(source, name);
  if (count === undefined) {
    yield read(source);
    return;
  }
  // In GGUF, each scale is stored with its values, so reading one scale means reading `group` values.
  const perElement = isScaleOfMatrix(source, name) ? group : 1;
  const rowFloats = lengths.reduce((product, length) => product * length, perElement);
  const step = Math.max(1, Math.floor(sliceFloats / rowFloats));
  for (let row = 0; row < count; row += step) yield read(rowsOf(source, row, Math.min(count, row + step)));
}

function bytesOf(values: Float32Array | Int8Array | Uint8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
