import { elementBytes } from "../weights/dtypes.js";
import {
  formatOfMatrix,
  isBigMatrix,
  matricesOf,
  scaleBytes,
  shapeOfValues,
  weightBytes,
  type Matrix,
  type WeightFormat,
} from "../weights/matrices.js";
import { readScaled, type QuantizedMatrix, type Scaled } from "../weights/quantized.js";
import type { ByteRange, TensorSource } from "../weights/tensorSource.js";

/** A quantized matrix whose values onnxruntime maps from the weights file. */
export interface ExternalMatrix extends Scaled {
  readonly kind: QuantizedMatrix["kind"];
  readonly values: ByteRange;
}

/** A large matrix in the given format. It is external data if the file stores it in that format and can be mapped. */
export function matrixOrExternal(source: TensorSource, name: string, format: WeightFormat): Matrix | ExternalMatrix {
  const values = externalRange(source, name, format);
  return values === undefined ? matricesOf(source, format)(name) : { ...readScaled(source, name), values };
}

/** The byte range of a large matrix in the file; undefined if it must be converted or cannot be mapped. */
function externalRange(source: TensorSource, name: string, format: WeightFormat): ByteRange | undefined {
  const dtype = source.dtype(name);
  const stored = dtype === "I8" ? "int8" : dtype === "U8" ? "int4" : undefined;
  return stored === formatOfBigMatrix(source, name, format) ? source.byteRange?.(name) : undefined;
}

function formatOfBigMatrix(source: TensorSource, name: string, format: WeightFormat): WeightFormat {
  return formatOfMatrix(name, shapeOfValues(source, name).at(-1) ?? 0, format);
}

/** Estimated bytes of all tensors within the graph, with large matrices in the given format. Excludes external data. */
export function bytesInGraph(source: TensorSource, format: WeightFormat): number {
  return source.names
    .filter((name) => !name.endsWith(".scale"))
    .map((name) => {
      const values = shapeOfValues(source, name).reduce((product, length) => product * length, 1);
      if (isBigMatrix(name)) {
        const isExternal = externalRange(source, name, format) !== undefined;
        return values * (isExternal ? scaleBytes : weightBytes[formatOfBigMatrix(source, name, format)]);
      }
      const dtype = source.dtype(name);
      const isHalf = name === "emb.weight" && (dtype === "F16" || dtype === "BF16");
      if (!isHalf) return values * weightBytes.fp32;
      return source.byteRange === undefined ? values * elementBytes(dtype) : 0;
    })
    .reduce((sum, bytes) => sum + bytes, 0);
}
