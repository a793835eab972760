/** The parts of a GGUF file; the defaults make a valid one. */
export interface WrittenGguf {
  readonly keys: readonly (readonly [string, Buffer])[];
  readonly tensors: readonly WrittenGgufTensor[];
  readonly magic?: string;
  readonly version?: number;
  readonly tensorCount?: number;
  readonly keyCount?: number;
  readonly alignment?: number;
}

export interface WrittenGgufTensor {
  readonly name: string;
  /** The dimensions in PyTorch's order, which is the reverse of the file's. */
  readonly shape: readonly number[];
  /** The number of the tensor's type. */
  readonly type: number;
  readonly bytes: Uint8Array;
  /** Replaces the true offset of the data, to make a bad file. */
  readonly offset?: number;
}

/** GGUF's numbers for tensor types. */
export const ggufTypes = { F32: 0, F16: 1, Q4_0: 2, Q5_0: 6, Q5_1: 7, Q8_0: 8, Q4_K: 12, Q5_K: 13, Q6_K: 14, BF16: 30 };
export type GgufTypeName = keyof typeof ggufTypes;

const standardAlignment = 32;

export function ggufFile(file: WrittenGguf): Buffer {
  const { keys, tensors, alignment = standardAlignment } = file;
  const head = [
    Buffer.from(file.magic ?? "GGUF"),
    uint32(file.version ?? 3),
    uint64(file.tensorCount ?? tensors.length),
    uint64(file.keyCount ?? keys.length),
    ...keys.flatMap(([key, value]) => [ggufString(key), value]),
  ];
  const data: Buffer[] = [];
  let at = 0;
  for (const { name, shape, type, bytes, offset } of tensors) {
    const dimensions = [...shape].reverse().map(uint64);
    head.push(ggufString(name), uint32(shape.length), ...dimensions, uint32(type), uint64(offset ?? at));
    data.push(padded(Buffer.from(bytes), alignment));
    at += data.at(-1)!.length;
  }
  return Buffer.concat([padded(Buffer.concat(head), alignment), ...data]);
}

function padded(bytes: Buffer, alignment: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((alignment - (bytes.length % alignment)) % alignment)]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

export function ggufString(text: string): Buffer {
  return Buffer.concat([uint64(Buffer.byteLength(text)), Buffer.from(text)]);
}

/** Encoders for the values of keys. They write the number of the value's type before the value. */
export const value = {
  uint16: (number: number): Buffer => Buffer.concat([uint32(2), Buffer.of(number & 255, number >> 8)]),
  uint32: (number: number): Buffer => Buffer.concat([uint32(4), uint32(number)]),
  float32: (number: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE(6);
    bytes.writeFloatLE(number, 4);
    return bytes;
  },
  text: (text: string): Buffer => Buffer.concat([uint32(8), ggufString(text)]),
  texts: (texts: readonly string[]): Buffer =>
    Buffer.concat([uint32(9), uint32(8), uint64(texts.length), ...texts.map(ggufString)]),
  int32s: (numbers: readonly number[]): Buffer =>
    Buffer.concat([uint32(9), uint32(5), uint64(numbers.length), Buffer.from(Int32Array.from(numbers).buffer)]),
};

/** A small valid file with two tensors and two tokens. */
export const smallGguf: WrittenGguf = {
  keys: [
    ["general.architecture", value.text("rwkv7")],
    ["rwkv7.wkv.head_size", value.uint32(2)],
    ["rwkv7.attention.layer_norm_epsilon", value.float32(1e-5)],
    ["tokenizer.ggml.model", value.text("rwkv")],
    ["tokenizer.ggml.tokens", value.texts(["<s>", "\\x41"])],
    ["tokenizer.ggml.token_type", value.int32s([3, 1])],
  ],
  tensors: [
    { name: "output_norm.weight", shape: [4], type: ggufTypes.F32, bytes: new Uint8Array(16) },
    { name: "output.weight", shape: [1, 32], type: ggufTypes.Q8_0, bytes: new Uint8Array(34) },
  ],
};
