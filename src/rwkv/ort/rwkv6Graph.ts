import { decaysOf } from "../weights/decays.js";
import type { TensorSource } from "../weights/tensorSource.js";
import type { BlockBuilder, BlockParts } from "./block.js";
import type { Value } from "./graphBuilder.js";
import { gatedChannelMix, sequentialBlock, lerp, type ShiftedInput } from "./tokenShift.js";
import { logDecay, timeMixOutput, wkv5 } from "./wkv5.js";

/** The blocks of RWKV-6 (docs/RWKV.md §4). */
export function block6(source: TensorSource): BlockBuilder {
  return sequentialBlock((normed, parts) => timeMix(normed, parts, source), channelMix);
}

/** Names of the five projections' inputs, in the order in which time_maa_w1 and time_maa_w2 contain their matrices. */
const letters = ["w", "k", "v", "r", "g"];

function timeMix(normed: Value, parts: BlockParts, source: TensorSource): Value {
  const { graph, vector, linear, dimensions, block } = parts;
  const mix = tokenMixes(normed, parts);
  const r = linear(mix("r"), "att.receptance.weight");
  const k = linear(mix("k"), "att.key.weight");
  const v = linear(mix("v"), "att.value.weight");
  const gate = linear(mix("g"), "att.gate.weight");

  const { decay, bonus } = decaysOf(source, dimensions, block);
  const inner = graph.op("Tanh", [graph.op("MatMul", [mix("w"), vector("att.time_decay_w1")])]);
  const dynamicDecay = graph.op("MatMul", [inner, vector("att.time_decay_w2")]);
  const logW = logDecay(graph, graph.op("Add", [dynamicDecay, graph.floats(decay)]));
  return timeMixOutput(wkv5({ r, k, v, logW, u: graph.floats(bonus) }, parts), gate, parts);
}

/**
 * x + d⊙(μ + m), where d is the difference to the previous token, and m a low-rank function of both for each letter.
 */
function tokenMixes(x: Value, parts: BlockParts): ShiftedInput {
  const { graph, vector, dimensions } = parts;
  const C = dimensions.width;
  const d = graph.op("Sub", [parts.shift(x, "a"), x]);
  const z = graph.op("Tanh", [
    graph.op("MatMul", [lerp(graph, x, d, vector("att.time_maa_x")), vector("att.time_maa_w1")]),
  ]);
  // From [T, 5 D] to [5, T, D], for the product with [5, D, C].
  const rank = graph.op("Transpose", [graph.op("Reshape", [z, graph.ints(0, 5, -1)])], { perm: [1, 0, 2] });
  const m = graph.op("MatMul", [rank, vector("att.time_maa_w2")]);
  const mu = graph.op(
    "Concat",
    letters.map((letter) => vector(`att.time_maa_${letter}`, [1, 1, C])),
    { axis: 0 },
  );
  const mixed = graph.ops("Split", [lerp(graph, x, d, graph.op("Add", [m, mu]))], 5, { axis: 0, num_outputs: 5 });
  return (letter) => graph.reshape(mixed[letters.indexOf(letter)] ?? "", -1, C);
}

function channelMix(x: Value, parts: BlockParts): Value {
  const { graph, vector, shift } = parts;
  const d = graph.op("Sub", [shift(x, "f"), x]);
  return gatedChannelMix((letter) => lerp(graph, x, d, vector(`ffn.time_maa_${letter}`)), parts);
}
