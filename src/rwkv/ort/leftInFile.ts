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
import { readScaled, type QuantisedMatrix, type Scaled } from "../weights/quantised.js";
import type { FilePlace, TensorSource } from "../weights/tensorSource.js";

/** A quantised matrix whose values stay in their file, which onnxruntime maps into memory. */
export interface MatrixInFile extends Scaled {
  readonly kind: QuantisedMatrix["kind"];
  readonly values: FilePlace;
}

/** A big matrix, its values left in the file where they lie there in the format that is asked for. */
export function matrixOrPlace(source: TensorSource, name: string, format: WeightFormat): Matrix | MatrixInFile {
  const values = placeInFile(source, name, format);
  return values === undefined ? matricesOf(source, format)(name) : { ...readScaled(source, name), values };
}

/** Where a big matrix lies just as the graph wants it. */
function placeInFile(source: TensorSource, name: string, format: WeightFormat): FilePlace | undefined {
  const dtype = source.dtype(name);
  const stored = dtype === "I8" ? "int8" : dtype === "U8" ? "int4" : undefined;
  return stored === formatIn(source, name, format) ? source.place?.(name) : undefined;
}

function formatIn(source: TensorSource, name: string, format: WeightFormat): WeightFormat {
  return formatOfMatrix(name, shapeOfValues(source, name).at(-1) ?? 0, format);
}

/** What a file's tensors take within a graph, its big matrices in a format; those of groups of 128 a little less. */
export function bytesInGraph(source: TensorSource, format: WeightFormat): number {
  return source.names
    .filter((name) => !name.endsWith(".scale"))
    .map((name) => {
      const values = shapeOfValues(source, name).reduce((product, length) => product * length, 1);
      if (isBigMatrix(name)) {
        const isLeft = placeInFile(source, name, format) !== undefined;
        return values * (isLeft ? scaleBytes : weightBytes[formatIn(source, name, format)]);
      }
      const dtype = source.dtype(name);
      const isHalf = name === "emb.weight" && (dtype === "F16" || dtype === "BF16");
      if (!isHalf) return values * weightBytes.fp32;
      return source.place === undefined ? values * elementBytes(dtype) : 0;
    })
    .reduce((sum, bytes) => sum + bytes, 0);
}
