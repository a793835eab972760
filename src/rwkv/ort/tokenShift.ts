import type { BlockBuilder, BlockParts } from "./block.js";
import type { GraphBuilder, Value } from "./graphBuilder.js";

/** Builds time-mix or channel-mix. @param normed the normalized stream. @returns the term to add to the stream. */
export type SubBlock = (normed: Value, parts: BlockParts) => Value;

/** Returns the token-shifted input of the projection with this letter, such as "r" or "k". */
export type ShiftedInput = (letter: string) => Value;

/** Builds blocks of time-mix followed by channel-mix. */
export function sequentialBlock(timeMix: SubBlock, channelMix: SubBlock): BlockBuilder {
  return (stream, parts) => {
    const { normed, x } = parts.norm(stream, "ln1");
    const after = parts.norm({ x, delta: timeMix(normed, parts) }, "ln2");
    return { x: after.x, delta: channelMix(after.normed, parts) };
  };
}

/** The token shift of RWKV-4 and 5: x⊙μ + x⁻⊙(1−μ). @param previous x⁻, the rows of x one token earlier. */
export function tokenShiftMixes(
  x: Value,
  previous: Value,
  { graph, vector }: BlockParts,
  part: "att" | "ffn",
): ShiftedInput {
  const d = graph.op("Sub", [x, previous]);
  return (letter) => lerp(graph, previous, d, vector(`${part}.time_mix_${letter}`));
}

/** x + d ⊙ μ */
export function lerp(graph: GraphBuilder, x: Value, d: Value, mu: Value): Value {
  return graph.op("Add", [x, graph.op("Mul", [d, mu])]);
}

/** σ(R x_r) ⊙ V relu(K x_k)²: the channel-mix of all versions before 7. */
export function gatedChannelMix(mix: ShiftedInput, { graph, linear }: BlockParts): Value {
  const r = graph.op("Sigmoid", [linear(mix("r"), "ffn.receptance.weight")]);
  const k = graph.op("Relu", [linear(mix("k"), "ffn.key.weight")]);
  return graph.op("Mul", [r, linear(graph.op("Mul", [k, k]), "ffn.value.weight")]);
}

/** The channel-mix of RWKV-4 and 5. */
export function channelMix(normed: Value, parts: BlockParts): Value {
  return gatedChannelMix(tokenShiftMixes(normed, parts.shift(normed, "f"), parts, "ffn"), parts);
}
