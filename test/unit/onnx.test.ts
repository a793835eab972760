import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { PbfReader } from "pbf";
import { ModelWriter } from "../../src/rwkv/ort/modelWriter.js";
import type { OnnxAttribute, OnnxGraph, OnnxTensor, OnnxType, OnnxValue } from "../../src/rwkv/ort/onnx.js";

/**
 * For each message of onnx.proto, the fields that a model may have, by number: name and type. Fields without a type are
 * integers.
 */
const messages: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  ModelProto: { 1: "ir_version", 7: "graph GraphProto", 8: "opset_import OperatorSetIdProto" },
  OperatorSetIdProto: { 1: "domain string", 2: "version" },
  GraphProto: {
    1: "node NodeProto",
    2: "name string",
    5: "initializer TensorProto",
    11: "input ValueInfoProto",
    12: "output ValueInfoProto",
  },
  NodeProto: {
    1: "input string",
    2: "output string",
    4: "op_type string",
    5: "attribute AttributeProto",
    7: "domain string",
  },
  AttributeProto: { 1: "name string", 2: "f float", 3: "i", 4: "s string", 8: "ints", 20: "type" },
  TensorProto: {
    1: "dims",
    2: "data_type",
    8: "name string",
    9: "raw_data bytes",
    13: "external_data StringStringEntryProto",
    14: "data_location",
  },
  StringStringEntryProto: { 1: "key string", 2: "value string" },
  ValueInfoProto: { 1: "name string", 2: "type TypeProto" },
  TypeProto: { 1: "tensor_type Tensor" },
  Tensor: { 1: "elem_type", 2: "shape TensorShapeProto" },
  TensorShapeProto: { 1: "dim Dimension" },
  Dimension: { 1: "dim_value", 2: "dim_param string" },
};

type Message = Record<string, readonly unknown[]>;

/** Decodes a message. @returns the values of each field, in the order in which they were written. */
function decoded(type: string, bytes: Uint8Array): Message {
  return new PbfReader(bytes).readFields((tag, message: Record<string, unknown[]>, pbf) => {
    const [name = "", kind = "integer"] = messages[type]![tag]?.split(" ") ?? [];
    assert.notEqual(name, "", `${type} has no field ${tag}`);
    assert.equal(pbf.type, kind === "integer" ? 0 : kind === "float" ? 5 : 2, `the wire type of ${type}.${name}`);
    const value = (): unknown => {
      if (kind === "integer") return pbf.readVarint(true);
      if (kind === "float") return pbf.readFloat();
      if (kind === "string") return pbf.readString();
      return kind === "bytes" ? [...pbf.readBytes()] : decoded(kind, pbf.readBytes());
    };
    (message[name] ??= []).push(value());
  }, {});
}

const empty: OnnxGraph = { nodes: [], inputs: [], outputs: [] };

function model(graph: OnnxGraph, tensors: readonly OnnxTensor[] = [], bytes = 0): Message {
  const writer = new ModelWriter(bytes);
  for (const tensor of tensors) writer.tensor(tensor);
  return decoded("ModelProto", writer.finish(graph));
}

const graphOf = (message: Message): Message => message["graph"]![0] as Message;

test("a model has the versions of the format and of the operators, and a named graph", () => {
  assert.deepEqual(model(empty), {
    ir_version: [10],
    graph: [{ name: ["rwkv"] }],
    opset_import: [
      { domain: [""], version: [21] },
      { domain: ["com.microsoft"], version: [1] },
    ],
  });
});

test("a node has an operator with its domain, inputs and outputs, in order", () => {
  const node = { op: "Add", domain: "com.microsoft", inputs: ["a", "b"], outputs: ["c", "d"], attributes: {} };
  assert.deepEqual(graphOf(model({ ...empty, nodes: [node, { ...node, op: "Mul" }] }))["node"], [
    { input: ["a", "b"], output: ["c", "d"], op_type: ["Add"], domain: ["com.microsoft"] },
    { input: ["a", "b"], output: ["c", "d"], op_type: ["Mul"], domain: ["com.microsoft"] },
  ]);
});

for (const [attribute, expected] of [
  [3, { i: [3], type: [2] }],
  [-1, { i: [-1], type: [2] }],
  ["s", { s: ["s"], type: [3] }],
  [{ float: 0.5 }, { f: [0.5], type: [1] }],
  [[1, -2, 3], { ints: [1, -2, 3], type: [7] }],
] as const satisfies readonly (readonly [OnnxAttribute, Message])[]) {
  test(`an attribute has its value and that value's type: ${JSON.stringify(attribute)}`, () => {
    const node = { op: "Add", domain: "", inputs: [], outputs: [], attributes: { a: attribute } };
    const [written] = graphOf(model({ ...empty, nodes: [node] }))["node"] as Message[];
    assert.deepEqual(written!["attribute"], [{ name: ["a"], ...expected }]);
  });
}

test("inputs and outputs have types and shapes with numbers or names", () => {
  const value: OnnxValue = { name: "x", type: "int32", shape: ["T", 4] };
  const written = {
    name: ["x"],
    type: [{ tensor_type: [{ elem_type: [6], shape: [{ dim: [{ dim_param: ["T"] }, { dim_value: [4] }] }] }] }],
  };
  const graph = graphOf(model({ nodes: [], inputs: [value], outputs: [{ ...value, name: "y" }] }));
  assert.deepEqual(graph["input"], [written]);
  assert.deepEqual(graph["output"], [{ ...written, name: ["y"] }]);
});

test("each type has the number that ONNX gives it", () => {
  const numbers: Record<OnnxType, number> = { float: 1, uint8: 2, int32: 6, int64: 7, float16: 10, bfloat16: 16 };
  const tensors = Object.keys(numbers).map((type) => {
    return { name: type, type: type as OnnxType, shape: [], data: new Uint8Array() };
  });
  const found = graphOf(model(empty, tensors))["initializer"] as Message[];
  assert.deepEqual(Object.fromEntries(found.map((one) => [one["name"]![0], one["data_type"]![0]])), numbers);
});

test("a tensor has its shape and its bytes, or their range in another file", () => {
  const range = { path: path.join("folder", "weights.bin"), begin: 100, end: 106 };
  const tensors: OnnxTensor[] = [
    { name: "a", type: "uint8", shape: [2, 3], data: new Uint8Array([1, 2, 3, 4, 5, 6]) },
    { name: "b", type: "uint8", shape: [6], data: range },
  ];
  const external_data = [
    { key: ["location"], value: ["weights.bin"] },
    { key: ["offset"], value: ["100"] },
    { key: ["length"], value: ["6"] },
  ];
  assert.deepEqual(graphOf(model(empty, tensors))["initializer"], [
    { dims: [2, 3], data_type: [2], name: ["a"], raw_data: [[1, 2, 3, 4, 5, 6]] },
    { dims: [6], data_type: [2], name: ["b"], external_data, data_location: [1] },
  ]);
});

test("a model that is larger than expected is complete", () => {
  const data = new Uint8Array(700_000).fill(1);
  const tensors = ["a", "b", "c"].map((name) => ({ name, type: "uint8", shape: [data.length], data }) as const);
  const found = graphOf(model(empty, tensors, 10))["initializer"] as Message[];
  assert.deepEqual(
    found.map((one) => [one["name"]![0], (one["raw_data"]![0] as number[]).length]),
    [
      ["a", 700_000],
      ["b", 700_000],
      ["c", 700_000],
    ],
  );
});
