import type { Dimensions } from "../architecture.js";
import type { GraphBuilder, Value } from "./graphBuilder.js";
import { channelMix, sequentialBlock, tokenShiftMixes } from "./tokenShift.js";
import type { BlockBuilder, BlockParts, StatePart } from "./block.js";

/** Exponent of an empty sum: e to this power is 0. Unlike −∞, it can be subtracted from itself without getting NaN. */
const emptyExponent = -1e30;

/** Per layer: x⁻ (the previous input) of time-mix, aa, bb, pp, x⁻ of channel-mix (docs/RWKV.md §2). */
export function state4({ layers, width }: Dimensions): StatePart[] {
  const shape = [1, width];
  return Array.from({ length: layers }, (_, i) => [
    { name: `a${i}`, shape, empty: 0 },
    { name: `aa${i}`, shape, empty: 0 },
    { name: `bb${i}`, shape, empty: 0 },
    { name: `pp${i}`, shape, empty: emptyExponent },
    { name: `f${i}`, shape, empty: 0 },
  ]).flat();
}

/** The blocks of RWKV-4: equations 11 to 18 of the paper (arXiv 2305.13048). */
export function block4(): BlockBuilder {
  return sequentialBlock(timeMix, channelMix);
}

function timeMix(normed: Value, parts: BlockParts): Value {
  const { graph, linear } = parts;
  const mix = tokenShiftMixes(normed, parts.shift(normed, "a"), parts, "att");
  const k = linear(mix("k"), "att.key.weight");
  const v = linear(mix("v"), "att.value.weight");
  const r = graph.op("Sigmoid", [linear(mix("r"), "att.receptance.weight")]);
  return linear(graph.op("Mul", [r, wkv4(k, v, parts)]), "att.output.weight");
}

/** Numerators a and denominators b of the WKV with their common exponents p: the true values are e^p a and e^p b. */
interface Sums {
  /** [T + 1, C] */
  readonly p: Value;
  /** [2, T + 1, C]: the numerators, then the denominators. */
  readonly ab: Value;
}

/** The span of the last fold. It limits a run to 127 tokens. */
const maxFoldSpan = 64;

/**
 * The WKV of RWKV-4 over all T tokens: a scan by doubling over (exponent, numerator, denominator). Each fold factors
 * out the maximum exponent, so e^k, which could overflow, is never computed (docs/RWKV.md §7).
 */
function wkv4(k: Value, v: Value, parts: BlockParts): Value {
  const { graph, vector, block, dimensions } = parts;
  const { width: C } = dimensions;
  const op = graph.op.bind(graph);
  const w = op("Neg", [op("Exp", [vector("att.time_decay")])]);
  const ones = op("Add", [op("Mul", [v, graph.scalar(0)]), graph.scalar(1)]);
  const stack = (a: Value, b: Value): Value =>
    op("Concat", [graph.reshape(a, 1, -1, C), graph.reshape(b, 1, -1, C)], { axis: 0 });

  // Row 0 is the initial state; row t becomes the state after token t.
  let sums: Sums = {
    p: op("Concat", [`pp${block}`, k], { axis: 0 }),
    ab: op("Concat", [stack(`aa${block}`, `bb${block}`), stack(v, ones)], { axis: 1 }),
  };
  for (let span = 1; span <= maxFoldSpan; span *= 2) sums = fold(graph, sums, span, { w, C });

  keepState(graph, sums, block, C);
  return readOut(graph, sumsBefore(graph, sums), { k, v, u: vector("att.time_first") });
}

/** Adds to each row the row that is `span` rows before it. Each row then covers up to `2 * span` tokens. */
function fold(
  graph: GraphBuilder,
  { p, ab }: Sums,
  span: number,
  { w, C }: { readonly w: Value; readonly C: number },
): Sums {
  const op = graph.op.bind(graph);
  const noSums = graph.floats(new Float32Array(2 * span * C), [2, span, C]);
  const noExponents = graph.floats(new Float32Array(span * C).fill(emptyExponent), [span, C]);
  const earlierAb = graph.slice(op("Concat", [noSums, ab], { axis: 1 }), 0, -span, 1);
  const earlierP = graph.slice(op("Concat", [noExponents, p], { axis: 0 }), 0, -span, 0);
  const decayed = op("Add", [earlierP, op("Mul", [w, graph.scalar(span)])]);
  const q = op("Max", [decayed, p]);
  const earlier = op("Mul", [earlierAb, op("Exp", [op("Sub", [decayed, q])])]);
  const later = op("Mul", [ab, op("Exp", [op("Sub", [p, q])])]);
  return { p: q, ab: op("Add", [earlier, later]) };
}

/** Drops the last row. Row t is then the state before token t, because row 0 is the initial state. */
function sumsBefore(graph: GraphBuilder, { p, ab }: Sums): Sums {
  return { p: graph.slice(p, 0, -1, 0), ab: graph.slice(ab, 0, -1, 1) };
}

function keepState(graph: GraphBuilder, { p, ab }: Sums, block: number, C: number): void {
  const shape = [1, C];
  const last = graph.slice(ab, -1, 2 ** 31, 1);
  graph.output(`pp${block}o`, graph.slice(p, -1, 2 ** 31, 0), shape);
  graph.output(`aa${block}o`, graph.reshape(graph.slice(last, 0, 1, 0), 1, C), shape);
  graph.output(`bb${block}o`, graph.reshape(graph.slice(last, 1, 2, 0), 1, C), shape);
}

/** (e^p a + e^{u+k} v) / (e^p b + e^{u+k}), with the larger exponent factored out. */
function readOut(graph: GraphBuilder, { p, ab }: Sums, { k, v, u }: Record<"k" | "v" | "u", Value>): Value {
  const op = graph.op.bind(graph);
  const exponent = op("Add", [k, u]);
  const q = op("Max", [p, exponent]);
  const current = op("Exp", [op("Sub", [exponent, q])]);
  const past = op("Mul", [ab, op("Exp", [op("Sub", [p, q])])]);
  const [a = "", b = ""] = graph.ops("Split", [past], 2, { axis: 0, num_outputs: 2 });
  const numerator = op("Add", [a, op("Mul", [current, v])]);
  const quotient = op("Div", [numerator, op("Add", [b, current])]);
  return op("Squeeze", [quotient, graph.ints(0)]);
}
