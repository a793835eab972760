import { fp16Table, toFloats, type ValueDtype } from "./dtypes.js";

/** An element type of llama.cpp: blocks of `blockElements` elements in `blockBytes` bytes. */
export interface GgufType {
  readonly name: string;
  readonly blockElements: number;
  readonly blockBytes: number;
  /** The equivalent element type of other weights files, if there is one. */
  readonly dtype: ValueDtype | undefined;
  /** Writes the elements of a block into `into`, from index `at` on; undefined if `dtype` is defined. */
  readonly dequantize: ((block: Block, into: Float32Array, at: number) => void) | undefined;
}

/** A block of a tensor, which starts at byte offset `at`. */
interface Block {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly at: number;
}

/** Number of elements in a block of the K types (Q4_K and so on). */
const superBlockSize = 256;
/** Number of elements in a block of the other quantized types, and in a group within a Q4_K or Q5_K block. */
const blockSize = 32;

/** The type with this number in llama.cpp; undefined if it is not supported. */
export function ggufType(number: number): GgufType | undefined {
  return types.get(number);
}

/** Converts blocks to fp32 with exactly llama.cpp's values. */
export function dequantizeBlocks(bytes: Uint8Array<ArrayBuffer>, type: GgufType): Float32Array {
  if (type.dtype !== undefined) return toFloats(bytes, type.dtype);
  const floats = new Float32Array((bytes.length / type.blockBytes) * type.blockElements);
  for (let at = 0, i = 0; at < bytes.length; at += type.blockBytes, i += type.blockElements) {
    type.dequantize?.({ bytes, at }, floats, i);
  }
  return floats;
}

/** Splits Q8_0 blocks into values and scales, one scale per 32 values, as in our 8-bit layout. */
export function splitQ8(bytes: Uint8Array<ArrayBuffer>): { readonly values: Int8Array; readonly scales: Float32Array } {
  const blocks = bytes.length / q8Bytes;
  const values = new Int8Array(blocks * blockSize);
  const scales = new Float32Array(blocks);
  for (let i = 0; i < blocks; i++) {
    scales[i] = fp16At(bytes, i * q8Bytes);
    values.set(new Int8Array(bytes.buffer, bytes.byteOffset + i * q8Bytes + 2, blockSize), i * blockSize);
  }
  return { values, scales };
}

const q8Bytes = 34;

const plain = (name: string, dtype: ValueDtype, blockBytes: number): GgufType => {
  return { name, blockElements: 1, blockBytes, dtype, dequantize: undefined };
};

const blocks = (name: string, [elements, bytes]: readonly [number, number], read: GgufType["dequantize"]): GgufType => {
  return { name, blockElements: elements, blockBytes: bytes, dtype: undefined, dequantize: read };
};

const types = new Map<number, GgufType>([
  [0, plain("F32", "F32", 4)],
  [1, plain("F16", "F16", 2)],
  [30, plain("BF16", "BF16", 2)],
  [2, blocks("Q4_0", [blockSize, 18], q4)],
  [6, blocks("Q5_0", [blockSize, 22], (block, into, at) => { q5(block, { into, at, values: 6, bias: -16 }); })],
  [7, blocks("Q5_1", [blockSize, 24], (block, into, at) => { q5(block, { into, at, values: 8, bias: 0 }); })],
  [8, blocks("Q8_0", [blockSize, q8Bytes], q8)],
  [12, blocks("Q4_K", [superBlockSize, 144], (block, into, at) => { qK(block, { into, at, bits: 4 }); })],
  [13, blocks("Q5_K", [superBlockSize, 176], (block, into, at) => { qK(block, { into, at, bits: 5 }); })],
  [14, blocks("Q6_K", [superBlockSize, 210], q6K)],
]); // prettier-ignore

/** Four bits per value. The lower nibbles hold the first half of a block, the upper ones the second half. */
function q4({ bytes, at }: Block, into: Float32Array, to: number): void {
  const d = fp16At(bytes, at);
  for (let i = 0; i < blockSize / 2; i++) {
    const byte = bytes[at + 2 + i] ?? 0;
    into[to + i] = ((byte & 15) - 8) * d;
    into[to + blockSize / 2 + i] = ((byte >> 4) - 8) * d;
  }
}

interface Q5Options {
  readonly into: Float32Array;
  readonly at: number;
  /** Byte offset of the values' lower four bits within a block. The four bytes before them hold the fifth bits. */
  readonly values: number;
  /** Added to each value before scaling. 0: the block stores a minimum instead, which is added after scaling. */
  readonly bias: number;
}

function q5({ bytes, at }: Block, { into, at: to, values, bias }: Q5Options): void {
  const d = fp16At(bytes, at);
  const min = bias === 0 ? fp16At(bytes, at + 2) : bias * d;
  const fifth = new DataView(bytes.buffer, bytes.byteOffset + at + values - 4).getUint32(0, true);
  for (let i = 0; i < blockSize / 2; i++) {
    const byte = bytes[at + values + i] ?? 0;
    into[to + i] = ((byte & 15) | (((fifth >>> i) & 1) << 4)) * d + min;
    into[to + blockSize / 2 + i] = ((byte >> 4) | (((fifth >>> (i + 16)) & 1) << 4)) * d + min;
  }
}

function q8({ bytes, at }: Block, into: Float32Array, to: number): void {
  const d = fp16At(bytes, at);
  for (let i = 0; i < blockSize; i++) into[to + i] = signed(bytes[at + 2 + i]) * d;
}

interface KOptions {
  readonly into: Float32Array;
  readonly at: number;
  readonly bits: 4 | 5;
}

/**
 * Q4_K and Q5_K: eight groups of 32 values, each with a 6-bit scale and a 6-bit minimum. In Q5_K, the values' fifth
 * bits are stored before the lower four.
 */
function qK({ bytes, at }: Block, { into, at: to, bits }: KOptions): void {
  const d = fp16At(bytes, at);
  const dMin = fp16At(bytes, at + 2);
  const scales = at + 4;
  const fifth = at + 16;
  const values = bits === 5 ? at + 48 : at + 16;
  for (let group = 0; group < 8; group++) {
    const scale = d * scaleOf(bytes, scales, group);
    const min = dMin * minOf(bytes, scales, group);
    const shift = group % 2 === 0 ? 0 : 4;
    for (let i = 0; i < blockSize; i++) {
      const low = ((bytes[values + (group >> 1) * blockSize + i] ?? 0) >> shift) & 15;
      const high = bits === 5 ? ((bytes[fifth + i] ?? 0) >> group) & 1 : 0;
      into[to + group * blockSize + i] = (low | (high << 4)) * scale - min;
    }
  }
}

/** The 6-bit scale of a group. For the last four groups, the bits are split between two bytes. */
function scaleOf(bytes: Uint8Array, at: number, group: number): number {
  if (group < 4) return (bytes[at + group] ?? 0) & 63;
  return ((bytes[at + group + 4] ?? 0) & 15) | (((bytes[at + group - 4] ?? 0) >> 6) << 4);
}

function minOf(bytes: Uint8Array, at: number, group: number): number {
  if (group < 4) return (bytes[at + group + 4] ?? 0) & 63;
  return ((bytes[at + group + 4] ?? 0) >> 4) | (((bytes[at + group] ?? 0) >> 6) << 4);
}

/**
 * A block contains the lower four bits of all values, their upper two bits, a signed scale per 16 values, and one scale
 * for all. The bits are arranged in two parts of 128 values.
 */
function q6K({ bytes, at }: Block, into: Float32Array, to: number): void {
  const d = fp16At(bytes, at + 208);
  for (let i = 0; i < superBlockSize; i++) {
    const part = i >> 7;
    const within = i & 127;
    const low = ((bytes[at + part * 64 + (within & 63)] ?? 0) >> (within < 64 ? 0 : 4)) & 15;
    const high = ((bytes[at + 128 + part * 32 + (within & 31)] ?? 0) >> ((within >> 5) * 2)) & 3;
    into[to + i] = d * signed(bytes[at + 192 + (i >> 4)]) * ((low | (high << 4)) - 32);
  }
}

function signed(byte: number | undefined): number {
  return ((byte ?? 0) << 24) >> 24;
}

/** The fp16 at a byte offset. */
function fp16At(bytes: Uint8Array, at: number): number {
  return fp16Table()[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] ?? 0;
}
