import { decaysOf } from "../weights/decays.js";
import type { TensorSource } from "../weights/tensorSource.js";
import type { BlockBuilder, BlockParts } from "./block.js";
import type { Value } from "./graphBuilder.js";
import { channelMix, sequentialBlock, tokenShiftMixes } from "./tokenShift.js";
import { logDecay, timeMixOutput, wkv5 } from "./wkv5.js";

/** The blocks of RWKV-5.0, 5.1 and 5.2 (docs/RWKV.md §3). */
export function block5(source: TensorSource): BlockBuilder {
  return sequentialBlock((normed, parts) => timeMix(normed, parts, source), channelMix);
}

function timeMix(normed: Value, parts: BlockParts, source: TensorSource): Value {
  const { graph, linear, dimensions } = parts;
  const mix = tokenShiftMixes(normed, parts.shift(normed, "a"), parts, "att");
  const r = linear(mix("r"), "att.receptance.weight");
  const k = linear(mix("k"), "att.key.weight");
  const v = linear(mix("v"), "att.value.weight");
  const gate = dimensions.revision === 0 ? undefined : linear(mix("g"), "att.gate.weight");

  const { decay, bonus } = decaysOf(source, dimensions, parts.block);
  // The decay is the same for all tokens, but LinearAttention takes one per token.
  const zeros = graph.op("Mul", [k, graph.scalar(0)]);
  const logW = graph.op("Add", [zeros, logDecay(graph, graph.floats(decay))]);
  return timeMixOutput(wkv5({ r, k, v, logW, u: graph.floats(bonus) }, parts), gate, parts);
}
