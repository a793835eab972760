import { fp16Table } from "../../src/rwkv/weights/dtypes.js";
import { quantize } from "../../src/rwkv/weights/quantized.js";
import type { GgufTypeName } from "./ggufFile.js";
import type { randomFrom } from "./random.js";

/** Bytes as in a GGUF file, and the numbers that they encode. */
export interface Packed {
  readonly bytes: Uint8Array;
  readonly values: Float32Array;
}

type Random = ReturnType<typeof randomFrom>;
type BlockType = Exclude<GgufTypeName, "F32" | "F16" | "BF16">;

/**
 * For each type, a function that makes a random block: its bytes, and the values that the format's definition gives
 * them.
 */
const packers: Readonly<Record<BlockType, (random: Random) => { bytes: number[]; values: number[] }>> = {
  Q4_0: (random) => {
    const { d, half } = scale(random, 10);
    const q = draw(random, 32, 16);
    return { bytes: [...half, ...nibbles(q)], values: q.map((one) => (one - 8) * d) };
  },
  Q5_0: (random) => {
    const { d, half } = scale(random, 9);
    const q = draw(random, 32, 32);
    return { bytes: [...half, ...fifths(q), ...nibbles(q)], values: q.map((one) => (one - 16) * d) };
  },
  Q5_1: (random) => {
    const { d, half } = scale(random, 9);
    const min = scale(random, 5);
    const q = draw(random, 32, 32);
    const negative = [min.half[0], min.half[1] | 0x80];
    return { bytes: [...half, ...negative, ...fifths(q), ...nibbles(q)], values: q.map((one) => one * d - min.d) };
  },
  Q8_0: (random) => {
    const { d, half } = scale(random, 6);
    const q = draw(random, 32, 255).map((one) => one - 127);
    return { bytes: [...half, ...q.map((one) => one & 255)], values: q.map((one) => one * d) };
  },
  Q4_K: (random) => kBlock(random, 16),
  Q5_K: (random) => kBlock(random, 32),
  Q6_K: (random) => {
    const { d, half } = scale(random, 1);
    const scales = draw(random, 16, 255).map((one) => one - 127);
    const q = draw(random, 256, 64);
    const low: number[] = [];
    const high: number[] = [];
    for (const n of [0, 128]) {
      const at = (i: number): number => q[n + i]!;
      for (let i = 0; i < 64; i++) low.push((at(i) & 15) | ((at(i + 64) & 15) << 4));
      for (let i = 0; i < 32; i++) {
        high.push((at(i) >> 4) | ((at(i + 32) >> 4) << 2) | ((at(i + 64) >> 4) << 4) | ((at(i + 96) >> 4) << 6));
      }
    }
    const bytes = [...low, ...high, ...scales.map((one) => one & 255), ...half];
    return { bytes, values: q.map((one, i) => d * scales[i >> 4]! * (one - 32)) };
  },
};

/**
 * Random blocks with values of the size that weights usually have.
 * @param elements a multiple of the type's block size.
 */
export function packedAtRandom(type: BlockType, elements: number, random: Random): Packed {
  const bytes: number[][] = [];
  const values = new Float32Array(elements);
  for (let at = 0; at < elements;) {
    const block = packers[type](random);
    bytes.push(block.bytes);
    values.set(block.values, at);
    at += block.values.length;
  }
  return { bytes: Buffer.concat(bytes.map((block) => Uint8Array.from(block))), values };
}

/** Quantizes floats to Q8_0, with scales in fp16. */
export function packedQ8(floats: Float32Array): Packed {
  const { values, scales } = quantize(floats, { out: 1, in: floats.length });
  const bytes: number[] = [];
  const back = new Float32Array(floats.length);
  scales.forEach((exact, block) => {
    const half = fp16Below(exact);
    bytes.push(half & 255, half >> 8);
    for (let i = block * 32; i < block * 32 + 32; i++) {
      bytes.push(values[i]! & 255);
      back[i] = values[i]! * fp16Table()[half]!;
    }
  });
  return { bytes: Uint8Array.from(bytes), values: back };
}

/** Rounds floats to fp16, toward zero. */
export function packedF16(floats: Float32Array): Packed {
  const halves = Uint16Array.from(floats, (one) => (one < 0 ? 0x8000 : 0) | fp16Below(Math.abs(one)));
  return { bytes: new Uint8Array(halves.buffer), values: Float32Array.from(halves, (bits) => fp16Table()[bits]!) };
}

/** Rounds floats to bf16, toward zero: the upper 16 bits of each. */
export function packedBf16(floats: Float32Array): Packed {
  const halves = Uint16Array.from(new Uint32Array(floats.slice().buffer), (bits) => bits >>> 16);
  const values = new Float32Array(Uint32Array.from(halves, (bits) => bits << 16).buffer);
  return { bytes: new Uint8Array(halves.buffer), values };
}

/** The bits of the largest fp16 number that is not above the given one. */
function fp16Below(positive: number): number {
  const table = fp16Table();
  let low = 0;
  let high = 0x7bff;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (table[middle]! <= positive) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A block of Q4_K or Q5_K: eight groups, each with a scale and a minimum of six bits. */
function kBlock(random: Random, levels: 16 | 32): { bytes: number[]; values: number[] } {
  const { d, half } = scale(random, levels === 16 ? 4 : 3);
  const dMin = scale(random, 3);
  const scales = draw(random, 8, 64);
  const min = draw(random, 8, 64);
  const q = draw(random, 256, levels);
  const six = [0, 1, 2, 3].map((i) => scales[i]! | ((scales[i + 4]! >> 4) << 6));
  six.push(...[0, 1, 2, 3].map((i) => min[i]! | ((min[i + 4]! >> 4) << 6)));
  six.push(...[0, 1, 2, 3].map((i) => (scales[i + 4]! & 15) | ((min[i + 4]! & 15) << 4)));
  const groups = [0, 1, 2, 3, 4, 5, 6, 7];
  const fifth = Array.from({ length: 32 }, (_, i) =>
    groups.reduce((bits, group) => bits | ((q[group * 32 + i]! >> 4) << group), 0),
  );
  const low: number[] = [];
  for (let pair = 0; pair < 256; pair += 64) {
    for (let i = pair; i < pair + 32; i++) low.push((q[i]! & 15) | ((q[i + 32]! & 15) << 4));
  }
  const bytes = [...half, ...dMin.half, ...six, ...(levels === 32 ? fifth : []), ...low];
  return { bytes, values: q.map((one, i) => d * scales[i >> 5]! * one - dMin.d * min[i >> 5]!) };
}

/** A random positive fp16 number with a given exponent, and its bytes, little endian. */
function scale(random: Random, exponent: number): { readonly d: number; readonly half: readonly [number, number] } {
  const bits = (exponent << 10) | random.below(1024);
  return { d: fp16Table()[bits]!, half: [bits & 255, bits >> 8] };
}

function draw(random: Random, count: number, below: number): number[] {
  return Array.from({ length: count }, () => random.below(below));
}

/** Packs the lower four bits of 32 values into 16 bytes. The first 16 values get the lower nibbles. */
function nibbles(q: readonly number[]): number[] {
  return Array.from({ length: 16 }, (_, i) => (q[i]! & 15) | ((q[i + 16]! & 15) << 4));
}

function fifths(q: readonly number[]): number[] {
  return [0, 8, 16, 24].map((from) => q.slice(from, from + 8).reduce((bits, one, i) => bits | ((one >> 4) << i), 0));
}
