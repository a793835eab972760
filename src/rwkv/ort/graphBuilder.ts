import { transpose, type Matrix } from "../weights/matrices.js";
import type { ByteRange } from "../weights/tensorSource.js";
import type { ExternalMatrix } from "./externalData.js";
import { ModelWriter } from "./modelWriter.js";
import type { OnnxAttribute, OnnxNode, OnnxType, OnnxValue } from "./onnx.js";

/** The name of a value in the graph. */
export type Value = string;

export type Attributes = Readonly<Record<string, OnnxAttribute>>;

const microsoftOps = new Set(["MatMulNBits", "SkipLayerNormalization", "LinearAttention"]);

/** Builds an ONNX graph node by node. Gives each value a unique name. */
export class GraphBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #inputs: OnnxValue[] = [];
  readonly #outputs: OnnxValue[] = [];
  readonly #writer: ModelWriter;
  readonly #constants = new Map<string, Value>();
  #upperBitConstant: Value | undefined;
  #count = 0;

  /** @param bytes estimated size of the tensors. */
  constructor(bytes: number) {
    this.#writer = new ModelWriter(bytes);
  }

  /** Adds a node with one output and returns its name. An empty string as an input omits an optional input. */
  op(op: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    const [output = ""] = this.ops(op, inputs, 1, attributes);
    return output;
  }

  /** Adds a node with several outputs. */
  ops(op: string, inputs: readonly Value[], outputs: number, attributes: Attributes = {}): Value[] {
    const names = Array.from({ length: outputs }, () => this.#name());
    this.#nodes.push({ op, domain: microsoftOps.has(op) ? "com.microsoft" : "", inputs, outputs: names, attributes });
    return names;
  }

  input(name: string, type: OnnxType, shape: readonly (number | string)[]): Value {
    this.#inputs.push({ name, type, shape });
    return name;
  }

  /** Declares a value as an output of the graph. */
  output(name: string, value: Value, shape: readonly (number | string)[]): void {
    this.#nodes.push({ op: "Identity", domain: "", inputs: [value], outputs: [name], attributes: {} });
    this.#outputs.push({ name, type: "float", shape });
  }

  tensor(type: OnnxType, shape: readonly number[], data: Uint8Array | ByteRange): Value {
    const name = this.#name();
    this.#writer.tensor({ name, type, shape, data });
    return name;
  }

  floats(values: Float32Array | readonly number[], shape: readonly number[] = [values.length]): Value {
    const data = values instanceof Float32Array ? values : new Float32Array(values);
    return this.tensor("float", shape, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }

  /** Adds a constant list of integers (a shape, axes, bounds of a slice). Equal lists share one constant. */
  ints(...values: readonly number[]): Value {
    const key = values.join();
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const data = BigInt64Array.from(values, BigInt);
    const name = this.tensor("int64", [values.length], new Uint8Array(data.buffer));
    this.#constants.set(key, name);
    return name;
  }

  scalar(value: number): Value {
    return this.floats([value], []);
  }

  reshape(value: Value, ...shape: readonly number[]): Value {
    return this.op("Reshape", [value, this.ints(...shape)]);
  }

  /** The elements [start, end) along an axis. Negative bounds count from the end. */
  slice(value: Value, start: number, end: number, axis = 0): Value {
    return this.op("Slice", [value, this.ints(start), this.ints(end), this.ints(axis)]);
  }

  layerNorm(value: Value, weight: Value, bias: Value, epsilon = 1e-5): Value {
    return this.op("LayerNormalization", [value, weight, bias], { axis: -1, epsilon: { float: epsilon } });
  }

  /** x [.., in] times a weight stored [out, in]: y = W x for each row. */
  linear(x: Value, matrix: Matrix | ExternalMatrix): Value {
    if (matrix.kind === "floats") {
      const transposed = transpose(matrix.values, matrix.out, matrix.in);
      return this.op("MatMul", [x, this.floats(transposed, [matrix.in, matrix.out])]);
    }
    const { out, in: inputs, group, scales } = matrix;
    const bits = matrix.kind === "int8" ? 8 : 4;
    const stored = this.tensor("uint8", [out, inputs / group, (group * bits) / 8], bytesOf(matrix.values));
    const weight = matrix.kind === "int8" ? this.op("BitwiseXor", [stored, this.#upperBit()]) : stored;
    const scale = this.floats(scales, [out, inputs / group]);
    // Accuracy level 4 quantizes activations to int8 with a scale per row and group, so a row does not depend on the
    // other rows of its chunk.
    const attributes = { K: inputs, N: out, bits, block_size: group, accuracy_level: 4 };
    return this.op("MatMulNBits", [x, weight, scale], attributes);
  }

  /** The serialized ONNX model. */
  finish(): Uint8Array {
    return this.#writer.finish({ nodes: this.#nodes, inputs: this.#inputs, outputs: this.#outputs });
  }

  /**
   * The constant that flips the upper bit of 8-bit weights. MatMulNBits takes unsigned values: 4 bits with a zero point
   * of 8, like our layout, or 8 bits with a zero point of 128, which are our signed values with the upper bit flipped.
   * onnxruntime computes the flipped weights only once, when it loads the graph.
   */
  #upperBit(): Value {
    this.#upperBitConstant ??= this.tensor("uint8", [1], Uint8Array.of(128));
    return this.#upperBitConstant;
  }

  #name(): Value {
    return `v${this.#count++}`;
  }
}

function bytesOf(values: Int8Array | Uint8Array | ByteRange): Uint8Array | ByteRange {
  return "buffer" in values ? new Uint8Array(values.buffer, values.byteOffset, values.byteLength) : values;
}
