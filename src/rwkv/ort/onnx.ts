import path from "node:path";
import { PbfWriter } from "pbf";
import type { FilePlace } from "../weights/tensorSource.js";

/** The parts of onnx.proto that our graphs need, written as protobuf. Field numbers are those of onnx.proto. */

/** TensorProto.DataType */
export const onnxType = { float: 1, uint8: 2, int32: 6, int64: 7, float16: 10, bfloat16: 16 } as const;
export type OnnxType = keyof typeof onnxType;

export interface OnnxTensor {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  /** Little endian; or where they lie in a file, beside which the graph is said to be (createSession). */
  readonly data: Uint8Array | FilePlace;
}

export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

export interface OnnxNode {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** An input or output of the graph; a string in the shape is a symbolic length. */
export interface OnnxValue {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly (number | string)[];
}

/** All of a graph but its tensors. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** What a protobuf can hold; onnxruntime refuses more. */
export const maxModelBytes = 2 ** 31 - 1;
const irVersion = 10;
const opset = 21;

/** What stands ahead of the graph: its version, and how long the graph is. */
const headRoom = 32;
/** For nodes and names, beside the tensors. Memory that nothing is written to costs nothing. */
const graphRoom = 2 ** 20;
const lengthDelimited = 2;

/** A ModelProto, its tensors written into one piece of memory as they come: none of them is in memory twice. */
export class ModelWriter {
  #memory: Buffer;
  #end = headRoom;

  /** @param bytes what the tensors take, more or less; more memory is taken where it is not enough. */
  constructor(bytes: number) {
    this.#memory = Buffer.allocUnsafeSlow(Math.ceil(headRoom + bytes) + graphRoom);
  }

  /** An initializer. */
  tensor({ name, type, shape, data }: OnnxTensor): void {
    const head = written((pbf) => {
      for (const length of shape) pbf.writeVarintField(1, length);
      pbf.writeVarintField(2, onnxType[type]);
      pbf.writeStringField(8, name);
      if (data instanceof Uint8Array) return;
      for (const entry of entriesOf(data)) pbf.writeMessage(13, writeEntry, entry);
      pbf.writeVarintField(14, 1); // EXTERNAL
    });
    const pieces = data instanceof Uint8Array ? [head, fieldStart(9, data.length), data] : [head];
    this.#add(
      fieldStart(
        5,
        pieces.reduce((sum, { length }) => sum + length, 0),
      ),
    );
    for (const piece of pieces) this.#add(piece);
  }

  /** The whole of it. */
  finish(graph: OnnxGraph): Uint8Array {
    this.#add(
      written((pbf) => {
        writeGraph(graph, pbf);
      }),
    );
    const version = written((pbf) => {
      pbf.writeVarintField(1, irVersion);
    });
    const head = Buffer.concat([version, fieldStart(7, this.#end - headRoom)]);
    this.#memory.set(head, headRoom - head.length);
    this.#add(
      written((pbf) => {
        pbf.writeMessage(8, writeOpset, { domain: "", version: opset });
        pbf.writeMessage(8, writeOpset, { domain: "com.microsoft", version: 1 });
      }),
    );
    return this.#memory.subarray(headRoom - head.length, this.#end);
  }

  #add(piece: Uint8Array): void {
    if (this.#end + piece.length > this.#memory.length) {
      const larger = Buffer.allocUnsafeSlow(Math.ceil(1.5 * (this.#end + piece.length)));
      larger.set(this.#memory.subarray(0, this.#end));
      this.#memory = larger;
    }
    this.#memory.set(piece, this.#end);
    this.#end += piece.length;
  }
}

function written(write: (pbf: PbfWriter) => void): Uint8Array {
  const pbf = new PbfWriter();
  write(pbf);
  return pbf.finish();
}

/** What stands ahead of a field's bytes, or of a message. */
function fieldStart(number: number, length: number): Uint8Array {
  return written((pbf) => {
    pbf.writeVarint((number << 3) | lengthDelimited);
    pbf.writeVarint(length);
  });
}

type Entry = readonly [key: string, value: string];

/** What onnxruntime asks of data outside of the graph. */
function entriesOf({ path: file, begin, end }: FilePlace): readonly Entry[] {
  return [
    ["location", path.basename(file)],
    ["offset", `${begin}`],
    ["length", `${end - begin}`],
  ];
}

function writeEntry([key, value]: Entry, pbf: PbfWriter): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

function writeOpset(set: { readonly domain: string; readonly version: number }, pbf: PbfWriter): void {
  pbf.writeStringField(1, set.domain);
  pbf.writeVarintField(2, set.version);
}

function writeGraph(graph: OnnxGraph, pbf: PbfWriter): void {
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, "rwkv");
  for (const value of graph.inputs) pbf.writeMessage(11, writeValue, value);
  for (const value of graph.outputs) pbf.writeMessage(12, writeValue, value);
}

function writeNode(node: OnnxNode, pbf: PbfWriter): void {
  for (const input of node.inputs) pbf.writeStringField(1, input);
  for (const output of node.outputs) pbf.writeStringField(2, output);
  pbf.writeStringField(4, node.op);
  for (const [name, value] of Object.entries(node.attributes)) pbf.writeMessage(5, writeAttribute, { name, value });
  pbf.writeStringField(7, node.domain);
}

interface NamedAttribute {
  readonly name: string;
  readonly value: OnnxAttribute;
}

function writeAttribute({ name, value }: NamedAttribute, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if (typeof value === "number") {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, 2); // INT
  } else if (typeof value === "string") {
    pbf.writeStringField(4, value);
    pbf.writeVarintField(20, 3); // STRING
  } else if ("float" in value) {
    pbf.writeFloatField(2, value.float);
    pbf.writeVarintField(20, 1); // FLOAT
  } else {
    for (const one of value) pbf.writeVarintField(8, one);
    pbf.writeVarintField(20, 7); // INTS
  }
}

function writeValue(value: OnnxValue, pbf: PbfWriter): void {
  pbf.writeStringField(1, value.name);
  pbf.writeMessage(2, writeType, value);
}

function writeType(value: OnnxValue, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeTensorType, value);
}

function writeTensorType(value: OnnxValue, pbf: PbfWriter): void {
  pbf.writeVarintField(1, onnxType[value.type]);
  pbf.writeMessage(2, writeShape, value);
}

function writeShape(value: OnnxValue, pbf: PbfWriter): void {
  for (const length of value.shape) pbf.writeMessage(1, writeDimension, length);
}

function writeDimension(length: number | string, pbf: PbfWriter): void {
  if (typeof length === "number") pbf.writeVarintField(1, length);
  else pbf.writeStringField(2, length);
}
