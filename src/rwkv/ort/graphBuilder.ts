import { transpose, type MatrixSource } from "../weights/matrices.js";
import { ModelWriter, type OnnxAttribute, type OnnxNode, type OnnxType, type OnnxValue } from "./onnx.js";

/** The name of a value in the graph. */
export type Value = string;

export type Attributes = Readonly<Record<string, OnnxAttribute>>;

const microsoftOps = new Set(["MatMulNBits", "SkipLayerNormalization", "LinearAttention"]);

/** Puts an ONNX graph together, op by op; names are made up as it grows. */
export class GraphBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #inputs: OnnxValue[] = [];
  readonly #outputs: OnnxValue[] = [];
  readonly #writer: ModelWriter;
  readonly #constants = new Map<string, Value>();
  #count = 0;

  /** @param bytes what the weights take, more or less. */
  constructor(bytes: number) {
    this.#writer = new ModelWriter(bytes);
  }

  /** One node with one output. An empty name among the inputs leaves that input out. */
  op(op: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    const [output = ""] = this.ops(op, inputs, 1, attributes);
    return output;
  }

  /** One node with several outputs. */
  ops(op: string, inputs: readonly Value[], outputs: number, attributes: Attributes = {}): Value[] {
    const names = Array.from({ length: outputs }, () => this.#name());
    this.#nodes.push({ op, domain: microsoftOps.has(op) ? "com.microsoft" : "", inputs, outputs: names, attributes });
    return names;
  }

  input(name: string, type: OnnxType, shape: readonly (number | string)[]): Value {
    this.#inputs.push({ name, type, shape });
    return name;
  }

  /** Gives a value a name that runs ask for. */
  output(name: string, value: Value, shape: readonly (number | string)[]): void {
    this.#nodes.push({ op: "Identity", domain: "", inputs: [value], outputs: [name], attributes: {} });
    this.#outputs.push({ name, type: "float", shape });
  }

  tensor(type: OnnxType, shape: readonly number[], bytes: Uint8Array): Value {
    const name = this.#name();
    this.#writer.tensor({ name, type, shape, bytes });
    return name;
  }

  /** A float constant. */
  floats(values: Float32Array | readonly number[], shape: readonly number[] = [values.length]): Value {
    const data = values instanceof Float32Array ? values : new Float32Array(values);
    return this.tensor("float", shape, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }

  /** A constant list of integers (a shape, axes, bounds of a slice); the same one is kept once. */
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

  /** value[start, end) along an axis, the first where none is given; negative bounds count from the end. */
  slice(value: Value, start: number, end: number, axis = 0): Value {
    return this.op("Slice", [value, this.ints(start), this.ints(end), this.ints(axis)]);
  }

  layerNorm(value: Value, weight: Value, bias: Value, epsilon = 1e-5): Value {
    return this.op("LayerNormalization", [value, weight, bias], { axis: -1, epsilon: { float: epsilon } });
  }

  /** x [.., in] times a weight stored [out, in]: y = W x for each row. */
  linear(x: Value, matrices: MatrixSource, name: string): Value {
    const matrix = matrices(name);
    if (matrix.kind === "floats") {
      const turned = transpose(matrix.values, matrix.out, matrix.in);
      return this.op("MatMul", [x, this.floats(turned, [matrix.in, matrix.out])]);
    }
    const { out, in: inputs, group, scales } = matrix;
    const bits = matrix.kind === "int8" ? 8 : 4;
    const bytes = matrix.kind === "int8" ? unsigned(matrix.values) : matrix.values;
    const weight = this.tensor("uint8", [out, inputs / group, (group * bits) / 8], bytes);
    const scale = this.floats(scales, [out, inputs / group]);
    // Accuracy level 4: activations in int8 too, one scale for each row and group, so a row never sees its chunk.
    const attributes = { K: inputs, N: out, bits, block_size: group, accuracy_level: 4 };
    return this.op("MatMulNBits", [x, weight, scale], attributes);
  }

  /** The model as a file of ONNX has it. */
  finish(): Uint8Array {
    return this.#writer.finish({ nodes: this.#nodes, inputs: this.#inputs, outputs: this.#outputs });
  }

  #name(): Value {
    return `v${this.#count++}`;
  }
}

/**
 * MatMulNBits holds unsigned numbers: 8 bits with a zero point of 128, and 4 bits with one of 8, as our layout does. The
 * values are changed where they lie, four at a time: their upper bits are turned.
 */
function unsigned({ buffer, byteOffset, length }: Int8Array): Uint8Array {
  const bytes = new Uint8Array(buffer, byteOffset, length);
  const words = new Uint32Array(buffer, byteOffset, length >> 2); // whole groups of 32
  for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) ^ 0x80808080;
  return bytes;
}
