import type { Dimensions } from "../architecture.js";
import { decaysOf } from "../weights/decays.js";
import { isBigMatrix, isLowRank, matricesOf, shapeOfValues, type WeightFormat } from "../weights/matrices.js";
import { isHalfPrecision } from "../weights/dtypes.js";
import { checkFinite, rowsOf, type TensorSource } from "../weights/tensorSource.js";
import type { Addon, AddonRows, TensorsHandle } from "./addon.js";

/** In RWKV-6, this tensor is a stack of five low-rank matrices. */
const stacked = ".att.time_maa_w2";
/** In block 0 of RWKV-7, v0, v1 and v2 are absent or unused. */
const unread = /^blocks\.0\.att\.v[012]$/;
/** In RWKV-5 and 6, files name and store decay and bonus in several ways; `decaysOf` converts them for the addon. */
const decayOrBonus = /\.att\.time_(decay|faaaa|first)$/;

/**
 * Approximate number of values per call of `addRows`. The number of rows is a multiple of 64, as
 * native/engine/tensors.h requires.
 */
const sliceValues = 2 ** 20;
const sliceRowMultiple = 64;

/** Packs tensors one after the other. Reads the next rows while the previous ones are packed. A failure frees all. */
export async function packTensors(
  addon: Addon,
  parts: Iterable<AddonRows>,
  onRows: (rows: AddonRows) => void = () => undefined,
): Promise<TensorsHandle> {
  const tensors = addon.createTensors();
  let packed = Promise.resolve();
  try {
    for (const rows of parts) {
      await packed;
      packed = addon.addRows(tensors, rows);
      onRows(rows);
    }
    await packed;
    return tensors;
  } catch (error) {
    await packed.catch(() => undefined); // packing may fail too, but the first error is the one to report
    addon.close(tensors);
    throw error;
  }
}

/** Yields a model's tensors, some rows at a time, with the names that native/engine/load.cpp expects. */
export function* addonTensors(source: TensorSource, dimensions: Dimensions, format: WeightFormat): Iterable<AddonRows> {
  const { version, layers } = dimensions;
  const hasDecays = version === 5 || version === 6;
  for (const name of source.names) {
    if (name.endsWith(".scale") || unread.test(name) || (hasDecays && decayOrBonus.test(name))) continue;
    if (isBigMatrix(name)) yield* rowSlices(source, name, (rows) => matrix(name, matricesOf(rows, format)(name)));
    else if (name === "emb.weight") yield* rowSlices(source, name, embedding);
    else if (name.endsWith(stacked)) yield* stackedMatrices(source, name);
    else if (isLowRank(name)) yield transposedMatrix(name, unquantizedValues(source, name), source.shape(name));
    else yield vector(name, source.readFloats(name));
  }
  for (let i = 0; i < layers && hasDecays; i++) {
    const { decay, bonus } = decaysOf(source, dimensions, i);
    yield vector(`blocks.${i}.att.time_decay`, decay);
    yield vector(`blocks.${i}.att.time_faaaa`, bonus);
  }
}

type RowSlice = Omit<AddonRows, "totalRows">;

function* rowSlices(source: TensorSource, name: string, read: (rows: TensorSource) => RowSlice): Iterable<AddonRows> {
  const [count = 0, columns = 1] = shapeOfValues(source, name);
  const step = Math.max(1, Math.floor(sliceValues / columns / sliceRowMultiple)) * sliceRowMultiple;
  for (let row = 0; row < count; row += step) {
    yield { ...read(rowsOf(source, row, Math.min(count, row + step))), totalRows: count };
  }
}

function matrix(name: string, stored: ReturnType<ReturnType<typeof matricesOf>>): RowSlice {
  const rows = { name, role: "matrix", rows: stored.out, columns: stored.in, values: stored.values } as const;
  if (stored.kind === "floats") return rows;
  return { ...rows, scales: stored.group === 32 ? stored.scales : repeatScales(stored.scales, stored.group / 32) };
}

/** Expands the scales of larger groups to one scale per 32 values. */
function repeatScales(scales: Float32Array, times: number): Float32Array {
  return Float32Array.from({ length: scales.length * times }, (_, i) => scales[Math.floor(i / times)] ?? 0);
}

/** Rows of the embedding. Half precision is kept, to save memory. */
function embedding(source: TensorSource): RowSlice {
  const name = "emb.weight";
  const dtype = source.dtype(name);
  const [rows = 0, columns = 0] = source.shape(name);
  const slice = { name, role: "embedding", rows, columns } as const;
  if (!isHalfPrecision(dtype)) return { ...slice, values: source.readFloats(name) };
  return { ...slice, values: asUint16(source.readBytes(name)), isBf16: dtype === "BF16" };
}

/** A matrix of a low-rank pair. @param shape ends with the numbers of rows and columns. */
function transposedMatrix(name: string, values: UnquantizedValues, shape: readonly number[]): AddonRows {
  const columns = shape.at(-1) ?? 1;
  const rows = values.values.length / columns;
  return { name, role: "transposed", totalRows: rows, rows, columns, ...values };
}

type UnquantizedValues = Pick<AddonRows, "values" | "isBf16">;

/** Keeps half precision, which halves the memory traffic per token. */
function unquantizedValues(source: TensorSource, name: string): UnquantizedValues {
  const dtype = source.dtype(name);
  if (!isHalfPrecision(dtype)) return { values: source.readFloats(name) };
  const bytes = source.readBytes(name);
  checkFinite(source.path, name, { dtype, bytes });
  return { values: asUint16(bytes), isBf16: dtype === "BF16" };
}

function asUint16(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
}

function* stackedMatrices(source: TensorSource, name: string): Iterable<AddonRows> {
  const { values, ...type } = unquantizedValues(source, name);
  const shape = source.shape(name);
  const [count = 1] = shape;
  const matrixValues = values.length / count;
  for (let i = 0; i < count; i++) {
    yield transposedMatrix(
      `${name}.${i}`,
      { values: values.subarray(i * matrixValues, (i + 1) * matrixValues), ...type },
      shape,
    );
  }
}

function vector(name: string, values: Float32Array): AddonRows {
  return { name, role: "vector", totalRows: 1, rows: 1, columns: values.length, values };
}
