import type { randomFrom } from "../support/random.js";

type Random = ReturnType<typeof randomFrom>;

/** Numbers at the limits of integer types. */
const edges = [0, 1, -1, 7, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 2 ** 53];
const maxChanges = 3;
const maxStretch = 64;

/** The material for mutated files of one format. */
export interface Ingredients {
  /** Valid files, one of which is mutated. */
  readonly seeds: readonly Uint8Array[];
  /** Texts to insert: some have a meaning in the format, others must not have any. */
  readonly words: readonly string[];
}

/** Makes a random valid file with one to three mutations. */
export function mutated({ seeds, words }: Ingredients, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(random.pick(seeds));
  const changes = 1 + random.below(maxChanges);
  for (let i = 0; i < changes; i++) bytes = random.pick(mutations)({ bytes, words, seeds, random });
  return bytes;
}

interface Change extends Ingredients {
  readonly bytes: Buffer;
  readonly random: Random;
}

/** Each function returns a mutated copy. The first functions keep the length. */
const mutations: readonly ((change: Change) => Buffer)[] = [
  function flipBit({ bytes, random }) {
    return changed(bytes, random, (at) => bytes.readUInt8(at) ^ (1 << random.below(8)));
  },
  function setByte({ bytes, random }) {
    return changed(bytes, random, () => random.below(256));
  },
  function setNumber({ bytes, random }) {
    const number = Buffer.alloc(8);
    number.writeBigInt64LE(BigInt(random.pick(edges)));
    return overwritten(bytes, number.subarray(0, random.pick([1, 2, 4, 8])), random);
  },
  function overwriteWord({ bytes, words, random }) {
    return overwritten(bytes, Buffer.from(random.pick(words), "latin1"), random);
  },
  function insertWord({ bytes, words, random }) {
    return spliced(bytes, random, 0, Buffer.from(random.pick(words), "latin1"));
  },
  function replaceDigits({ bytes, random }) {
    const text = bytes.toString("latin1");
    const numbers = [...text.matchAll(/\d+/g)];
    if (numbers.length === 0) return bytes;
    const { 0: digits, index } = random.pick(numbers);
    return Buffer.from(text.slice(0, index) + `${random.pick(edges)}` + text.slice(index + digits.length), "latin1");
  },
  function replaceValue({ bytes, words, random }) {
    const text = bytes.toString("latin1");
    const values = [...text.matchAll(/"[^"]*"|[\d.]+|\[[^[\]]*\]|\{[^{}]*\}/g)];
    if (values.length === 0) return bytes;
    const { 0: value, index } = random.pick(values);
    return Buffer.from(text.slice(0, index) + random.pick(words) + text.slice(index + value.length), "latin1");
  },
  function remove({ bytes, random }) {
    return spliced(bytes, random, random.below(maxStretch), Buffer.alloc(0));
  },
  function repeat({ bytes, random }) {
    const at = random.below(bytes.length + 1);
    const stretch = bytes.subarray(at, at + random.below(maxStretch));
    return spliced(bytes, random, 0, Buffer.concat(Array<Buffer>(1 + random.below(64)).fill(stretch)));
  },
  function cutOff({ bytes, random }) {
    return bytes.subarray(0, random.below(bytes.length + 1));
  },
  function join({ bytes, seeds, random }) {
    const other = random.pick(seeds);
    return Buffer.concat([
      bytes.subarray(0, random.below(bytes.length + 1)),
      other.subarray(random.below(other.length)),
    ]);
  },
];

function changed(bytes: Buffer, random: Random, to: (at: number) => number): Buffer {
  if (bytes.length === 0) return bytes;
  const copy = Buffer.from(bytes);
  const at = random.below(bytes.length);
  copy.writeUInt8(to(at), at);
  return copy;
}

function overwritten(bytes: Buffer, by: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  by.copy(copy, random.below(copy.length + 1));
  return copy;
}

/** Removes bytes at a random position, and inserts others there. */
function spliced(bytes: Buffer, random: Random, removed: number, inserted: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);
}
