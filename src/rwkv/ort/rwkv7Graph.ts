import type { Dimensions } from "../architecture.js";
import type { GraphBuilder, Value } from "./graphBuilder.js";
import type { BlockBuilder, BlockParts } from "./block.js";
import { lerp } from "./tokenShift.js";
import { headNorm } from "./wkv5.js";

/** The blocks of RWKV-7 (docs/RWKV.md §5). Later blocks mix in the values of block 0, v_first. */
export function block7(): BlockBuilder {
  let first: Value | undefined;
  return (stream, parts) => {
    const { normed, x } = parts.norm(stream, "ln1");
    const mixed = timeMix(normed, parts, first);
    first ??= mixed.v;
    const after = parts.norm({ x, delta: mixed.out }, "ln2");
    return { x: after.x, delta: channelMix(after.normed, parts) };
  };
}

function timeMix(
  normed: Value,
  parts: BlockParts,
  first: Value | undefined,
): { readonly out: Value; readonly v: Value } {
  const { graph, vector, linear, dimensions } = parts;
  const { heads: H, headSize: N, width: C } = dimensions;
  const d = graph.op("Sub", [parts.shift(normed, "a"), normed]);
  const mix = (letter: string): Value => lerp(graph, normed, d, vector(`att.x_${letter}`));
  /**
   * Applies the low-rank pair of a letter, which is stored [in, rank] and [rank, out].
   * @param between the activation between the two matrices, if any.
   */
  const lowRank = (x: Value, letter: string, between?: string): Value => {
    const inner = graph.op("MatMul", [x, vector(`att.${letter}1`)]);
    return graph.op("MatMul", [between === undefined ? inner : graph.op(between, [inner]), vector(`att.${letter}2`)]);
  };
  const gate = (x: Value, letter: string, between?: string): Value =>
    graph.op("Sigmoid", [graph.op("Add", [lowRank(x, letter, between), vector(`att.${letter}0`)])]);

  const xv = mix("v");
  const r = linear(mix("r"), "att.receptance.weight");
  const k = linear(mix("k"), "att.key.weight");
  let v = linear(xv, "att.value.weight");
  const logW = graph.op("Mul", [gate(mix("w"), "w", "Tanh"), graph.scalar(-Math.exp(-0.5))]);
  const a = gate(mix("a"), "a");
  const g = lowRank(mix("g"), "g", "Sigmoid");
  const unmixed = v;
  if (first !== undefined) v = lerp(graph, v, graph.op("Sub", [first, v]), gate(xv, "v"));

  const scaled = graph.reshape(graph.op("Mul", [k, vector("att.k_k")]), -1, H, N);
  const kappa = graph.reshape(graph.op("LpNormalization", [scaled], { axis: -1, p: 2 }), -1, C);
  const kA = vector("att.k_a");
  const one = graph.scalar(1);
  const replaced = graph.op("Add", [graph.op("Mul", [graph.op("Sub", [a, one]), kA]), one]);
  const key = graph.op("Mul", [k, replaced]);

  const y = wkv7(graph, { r, logW, k: key, v, kappa, a }, `s${parts.block}`, dimensions);
  const normedY = headNorm(y, parts);
  const rk = graph.reshape(graph.op("Mul", [r, key]), -1, H, N);
  const products = graph.op("Mul", [rk, vector("att.r_k", [1, H, N])]);
  const bonus = graph.op("ReduceSum", [products, graph.ints(-1)], { keepdims: 1 });
  const withBonus = graph.op("Add", [normedY, graph.op("Mul", [bonus, graph.reshape(v, -1, H, N)])]);
  const out = linear(graph.op("Mul", [graph.reshape(withBonus, -1, C), g]), "att.output.weight");
  return { out, v: unmixed };
}

function channelMix(normed: Value, { graph, vector, linear, shift }: BlockParts): Value {
  const d = graph.op("Sub", [shift(normed, "f"), normed]);
  const k = graph.op("Relu", [linear(lerp(graph, normed, d, vector("ffn.x_k")), "ffn.key.weight")]);
  return linear(graph.op("Mul", [k, k]), "ffn.value.weight");
}

interface Wkv7 {
  readonly r: Value;
  readonly logW: Value;
  readonly k: Value;
  readonly v: Value;
  readonly kappa: Value;
  readonly a: Value;
}

/**
 * β of the writing steps. LinearAttention also erases in proportion to β, but a writing step must not erase. So β is
 * tiny, and the values to write are divided by it.
 */
const writeBeta = 2 ** -40;
/** Lower bound of a, because √a is a divisor. Raising smaller values to this bound makes no difference in fp32. */
const minA = 1e-6;

/**
 * S ← S·diag(w) − (Sκ)(κ⊙a)ᵀ + v kᵀ, y = S r, over all T tokens (docs/RWKV.md §7). LinearAttention has only the gated
 * delta rule, whose erasing is symmetric. So key channels are scaled by P = (a·w)^-½, which makes RWKV-7's erasing
 * symmetric as well. Each token takes two steps: an erasing one with key P·a·κ and value 0, and a writing one with key
 * P·k.
 * @returns y [T, H, N]. The new state is the output `<state>o`.
 */
function wkv7(
  graph: GraphBuilder,
  { r, logW, k, v, kappa, a }: Wkv7,
  state: string,
  { heads: H, headSize: N }: Dimensions,
): Value {
  const C = H * N;
  const op = graph.op.bind(graph);
  const safeA = op("Max", [a, graph.scalar(minA)]);
  const logP = op("Mul", [op("Add", [op("Log", [safeA]), logW]), graph.scalar(-0.5)]);
  const before = op("Concat", [graph.floats(new Float32Array(C), [1, C]), graph.slice(logP, 0, -1)], { axis: 0 });
  const logDecay = op("Sub", [op("Add", [logW, logP]), before]);
  const p = op("Exp", [logP]);

  const row = (value: Value): Value => graph.reshape(value, -1, 1, C);
  const zeros = op("Mul", [row(r), graph.scalar(0)]);
  /** Interleaves the rows of both inputs: step 2t erases, step 2t + 1 writes. [1, 2T, C] */
  const steps = (erasing: Value, writing: Value): Value =>
    graph.reshape(op("Concat", [erasing, writing], { axis: 1 }), 1, -1, C);
  const keys = steps(row(op("Mul", [op("Mul", [p, safeA]), kappa])), row(op("Mul", [p, k])));
  const values = steps(zeros, row(op("Mul", [v, graph.scalar(1 / writeBeta)])));
  const decays = steps(row(logDecay), zeros);
  const queries = steps(zeros, row(op("Div", [r, p])));
  const zeroOfEach = graph.op("ReduceSum", [zeros, graph.ints(-1)], { keepdims: 1 });
  const beta = graph.reshape(op("Add", [zeroOfEach, graph.floats([1, writeBeta], [1, 2, 1])]), 1, -1, 1);

  const attributes = { q_num_heads: H, kv_num_heads: H, update_rule: "gated_delta", scale: { float: 1 } };
  const [read = "", scaledState = ""] = graph.ops(
    "LinearAttention",
    [queries, keys, values, state, decays, beta],
    2,
    attributes,
  );
  const lastP = graph.reshape(graph.slice(p, -1, 2 ** 31), 1, H, N, 1);
  graph.output(`${state}o`, op("Div", [scaledState, lastP]), [1, H, N, N]);
  const stepOutputs = graph.reshape(read, -1, 2, C);
  const written = graph.slice(stepOutputs, 1, 2, 1);
  return graph.reshape(written, -1, H, N);
}
