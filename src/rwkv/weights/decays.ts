import type { Dimensions } from "../architecture.js";
import type { TensorSource } from "./tensorSource.js";

/** Decay and bonus of an RWKV-5 or 6 block. Both have one value per channel, even if the file has one per head. */
export interface Decays {
  /** [C] d, where log w = −e^d. RWKV-6 adds a term to d that depends on the token. */
  readonly decay: Float32Array;
  /** [C] u, the weight of the current token. */
  readonly bonus: Float32Array;
}

/** Reads decay and bonus of a block. Values per head are repeated per channel, and a logarithmic bonus is converted. */
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
