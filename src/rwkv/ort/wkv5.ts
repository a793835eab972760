import type { BlockParts } from "./block.js";
import type { GraphBuilder, Value } from "./graphBuilder.js";

/** Inputs of the recurrence of RWKV-5 and 6: the bonus u is [C], the others are [T, C]. */
export interface Wkv5 {
  readonly r: Value;
  readonly k: Value;
  readonly v: Value;
  readonly logW: Value;
  readonly u: Value;
}

/**
 * y = r·(diag(u) kᵀv + S), S ← kᵀv + diag(w) S over all T tokens, with S [H, key, value] (docs/RWKV.md §3).
 * LinearAttention reads S after its update, but here token t must read S before it. So the steps are shifted by one:
 * step 0 writes nothing and serves the first token's read; step t writes token t and serves the next token's read.
 * Each step multiplies by w, instead of forming differences of exponents, which could overflow.
 * @returns y [T, H, N]. The new state is the output `s<block>o`.
 */
export function wkv5({ r, k, v, logW, u }: Wkv5, { graph, dimensions, block }: BlockParts): Value {
  const { heads: H, headSize: N, width: C } = dimensions;
  const op = graph.op.bind(graph);
  const none = graph.floats(new Float32Array(C), [1, C]);
  const shifted = (value: Value): Value => graph.reshape(op("Concat", [none, value], { axis: 0 }), 1, -1, C);
  const queries = graph.reshape(op("Concat", [r, none], { axis: 0 }), 1, -1, C);

  const state = `s${block}`;
  const attributes = { q_num_heads: H, kv_num_heads: H, update_rule: "gated", scale: { float: 1 } };
  const inputs = [queries, shifted(k), shifted(v), state, shifted(logW)];
  const [read = "", written = ""] = graph.ops("LinearAttention", inputs, 2, attributes);
  graph.output(`${state}o`, written, [1, H, N, N]);

  const before = graph.slice(graph.reshape(read, -1, H, N), 0, -1);
  const weights = graph.reshape(op("Mul", [op("Mul", [r, k]), u]), -1, H, N);
  const bonus = op("ReduceSum", [weights, graph.ints(-1)], { keepdims: 1 });
  return op("Add", [before, op("Mul", [bonus, graph.reshape(v, -1, H, N)])]);
}

/** log w = −e^d. If e^d overflows fp32, this is −∞; w is then 0. */
export function logDecay(graph: GraphBuilder, d: Value): Value {
  return graph.op("Neg", [graph.op("Exp", [d])]);
}

/** ln_x: normalizes each head. y [T, H, N] */
export function headNorm(y: Value, { graph, vector, dimensions }: BlockParts): Value {
  const { heads: H, headSize: N, groupNormEps } = dimensions;
  const shape = [1, H, N];
  return graph.layerNorm(y, vector("att.ln_x.weight", shape), vector("att.ln_x.bias", shape), groupNormEps);
}

/** The last part of time-mix: ln_x, the gate if there is one, and the output projection. @param y [T, H, N] */
export function timeMixOutput(y: Value, gate: Value | undefined, parts: BlockParts): Value {
  const { graph, linear, dimensions } = parts;
  const normed = graph.reshape(headNorm(y, parts), -1, dimensions.width);
  return linear(gate === undefined ? normed : graph.op("Mul", [normed, silu(graph, gate)]), "att.output.weight");
}

function silu(graph: GraphBuilder, x: Value): Value {
  return graph.op("Mul", [x, graph.op("Sigmoid", [x])]);
}
