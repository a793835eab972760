import type { Dimensions } from "../architecture.js";
import type { TensorSource } from "./tensorSource.js";

/** What an RWKV-5 or 6 weighs its memory with: one value for each channel, whatever form the file has. */
export interface Decays {
  /** [C] d, where log w = −e^d; in RWKV-6 a token's own part is added to d. */
  readonly decay: Float32Array;
  /** [C] u, the weight of the token itself. */
  readonly bonus: Float32Array;
}

/** Decays and bonus of a block: those for each head are repeated, those stored as logarithms are not any more. */
export function decaysOf(source: TensorSource, { width, headSize }: Dimensions, block: number): Decays {
  const read = (name: string): Float32Array => source.readFloats(`blocks.${block}.att.${name}`);
  const perChannel = (values: Float32Array): Float32Array => {
    if (values.length === width) return values;
    return Float32Array.from({ length: width }, (_, channel) => values[Math.floor(channel / headSize)] ?? 0);
  };
  const isPlain = source.has(`blocks.${block}.att.time_faaaa`);
  const bonus = isPlain ? read("time_faaaa") : read("time_first").map(Math.exp);
  return { decay: perChannel(read("time_decay")), bonus: perChannel(bonus) };
}
