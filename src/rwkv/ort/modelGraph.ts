import { realpathSync } from "node:fs";
import path from "node:path";
import type { Dimensions } from "../architecture.js";
import { ModelError } from "../modelError.js";
import type { Matrix, WeightFormat } from "../weights/matrices.js";
import type { TensorSource } from "../weights/tensorSource.js";
import type { BlockBuilder, StatePart, Stream } from "./block.js";
import { GraphBuilder, type Value } from "./graphBuilder.js";
import { bytesInGraph, matrixOrExternal, type ExternalMatrix } from "./externalData.js";
import { maxModelBytes } from "./modelWriter.js";
import type { OnnxType } from "./onnx.js";
import { block4, state4 } from "./rwkv4Graph.js";
import { block5 } from "./rwkv5Graph.js";
import { block6 } from "./rwkv6Graph.js";
import { block7 } from "./rwkv7Graph.js";

export interface ModelGraph {
  readonly bytes: Uint8Array;
  /** The folder of the weights file; undefined if its tensors cannot be external data. */
  readonly folder: string | undefined;
  readonly state: readonly StatePart[];
}

/**
 * Builds one graph for both of RWKV's modes: time-parallel over a chunk, and time-sequential with T = 1. T is symbolic.
 * Inputs: `tokens` int32 [T], `rows` int32 [M] (the indices of the tokens whose logits are wanted) and the state.
 * Outputs: `logits` [M, V] and the new state.
 * @throws ModelError if the weights exceed onnxruntime's limit.
 */
export function buildModelGraph(source: TensorSource, dimensions: Dimensions, format: WeightFormat): ModelGraph {
  const bytes = bytesInGraph(source, format);
  if (bytes > maxModelBytes) {
    const problem = `takes ${(bytes / 2 ** 30).toFixed(1)} GiB in ${format}, but onnxruntime's limit is 2 GiB; use int8 weights`;
    throw new ModelError(source.path, problem);
  }
  const graph = new GraphBuilder(bytes);
  const matrix = (name: string): Matrix | ExternalMatrix => matrixOrExternal(source, name, format);
  const state = stateOf(dimensions);
  for (const part of state) graph.input(part.name, "float", part.shape);
  const vectorOf = (name: string, shape?: readonly number[]): Value =>
    graph.floats(source.readFloats(name), shape ?? source.shape(name).filter((length) => length !== 1));

  const buildBlock = blockOf(source, dimensions);
  let stream: Stream = { x: embedding(graph, source, vectorOf), delta: undefined };
  for (let block = 0; block < dimensions.layers; block++) {
    const inBlock = (name: string): string => `blocks.${block}.${name}`;
    stream = buildBlock(stream, {
      graph,
      dimensions,
      block,
      vector: (name, shape) => vectorOf(inBlock(name), shape),
      linear: (x, name) => graph.linear(x, matrix(inBlock(name))),
      norm: (before, name) =>
        norm(graph, before, [vectorOf(inBlock(`${name}.weight`)), vectorOf(inBlock(`${name}.bias`))]),
      shift: (normed, name) => shift(graph, normed, `${name}${block}`, dimensions.width),
    });
  }
  const rows = graph.input("rows", "int32", ["M"]);
  const selectRows = (value: Value): Value => graph.op("Gather", [value, rows], { axis: 0 });
  const last: Stream = {
    x: selectRows(stream.x),
    delta: stream.delta === undefined ? undefined : selectRows(stream.delta),
  };
  const { normed } = norm(graph, last, [vectorOf("ln_out.weight"), vectorOf("ln_out.bias")]);
  graph.output("logits", graph.linear(normed, matrix("head.weight")), ["M", dimensions.vocabularySize]);
  const folder = source.byteRange === undefined ? undefined : path.dirname(realpathSync(source.path));
  return { bytes: graph.finish(), folder, state };
}

/** The tensors of the recurrent state, in the order in which a `State` contains them. */
export function stateOf(dimensions: Dimensions): StatePart[] {
  return dimensions.version === 4 ? state4(dimensions) : stateOfHeads(dimensions);
}

/**
 * Per layer: x⁻ (the previous input) of time-mix, S as [head, key, value] (docs/RWKV.md §5 and §9), x⁻ of channel-mix.
 */
function stateOfHeads({ layers, width, heads, headSize }: Dimensions): StatePart[] {
  return Array.from({ length: layers }, (_, i) => [
    { name: `a${i}`, shape: [1, width], empty: 0 },
    { name: `s${i}`, shape: [1, heads, headSize, headSize], empty: 0 },
    { name: `f${i}`, shape: [1, width], empty: 0 },
  ]).flat();
}

function blockOf(source: TensorSource, dimensions: Dimensions): BlockBuilder {
  switch (dimensions.version) {
    case 4:
      return block4();
    case 5:
      return block5(source);
    case 6:
      return block6(source);
    case 7:
      return block7();
  }
}

const onnxTypeOf: Readonly<Record<"F16" | "BF16", OnnxType>> = {
  F16: "float16",
  BF16: "bfloat16",
};

/** Looks up the tokens' rows of the embedding and applies ln0. An embedding in half precision is kept as it is. */
function embedding(graph: GraphBuilder, source: TensorSource, vectorOf: (name: string) => Value): Value {
  const name = "emb.weight";
  const dtype = source.dtype(name);
  const tokens = graph.input("tokens", "int32", ["T"]);
  const table =
    dtype === "F16" || dtype === "BF16"
      ? graph.tensor(onnxTypeOf[dtype], source.shape(name), source.byteRange?.(name) ?? source.readBytes(name))
      : graph.floats(source.readFloats(name), source.shape(name));
  const rows = graph.op("Gather", [table, tokens], { axis: 0 });
  const floats = graph.op("Cast", [rows], { to: 1 });
  return graph.layerNorm(floats, vectorOf("blocks.0.ln0.weight"), vectorOf("blocks.0.ln0.bias"));
}

function norm(
  graph: GraphBuilder,
  { x, delta }: Stream,
  [weight, bias]: readonly [Value, Value],
): { readonly normed: Value; readonly x: Value } {
  if (delta === undefined) return { normed: graph.layerNorm(x, weight, bias), x };
  const [normed = "", , , sum = ""] = graph.ops("SkipLayerNormalization", [x, delta, weight, bias], 4, {
    epsilon: { float: 1e-5 },
  });
  return { normed, x: sum };
}

/** Token shift: [x⁻; x_1 … x_{T-1}]. The last row becomes the new state. */
function shift(graph: GraphBuilder, normed: Value, name: string, width: number): Value {
  graph.output(`${name}o`, graph.slice(normed, -1, 2 ** 31), [1, width]);
  return graph.op("Concat", [name, graph.slice(normed, 0, -1)], { axis: 0 });
}
