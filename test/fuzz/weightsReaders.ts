import path from "node:path";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { ggufVocabulary } from "../../src/rwkv/weights/ggufVocabulary.js";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { ggufFile, smallGguf, value } from "../support/ggufFile.js";
import { ggufModel } from "../support/ggufModel.js";
import { indexName, partName, shardFiles } from "../support/shardFiles.js";
import { pthFile, stateDict, torchEntries, torchZip } from "../support/pthFile.js";
import { floats, tensorFile, type WrittenTensor } from "../support/tensorFile.js";
import { tinyModel } from "../support/tinyModel.js";
import { zipFile } from "../support/zipFile.js";
import { whole, type FuzzedReader } from "./fuzzedReader.js";

const six = floats([6], [0, 1, 2, 3, 4, 5]);
/** The tensors of an RWKV-4 of width 4 with two tokens. */
const tiny: Readonly<Record<string, WrittenTensor>> = Object.fromEntries([
  ...["emb.weight", "head.weight"].map((name) => [name, zeros(2, 4)] as const),
  ...["blocks.0.ln0", "blocks.0.ln1", "blocks.0.ln2", "ln_out"].flatMap((norm) => {
    return [`${norm}.weight`, `${norm}.bias`].map((name) => [name, zeros(4)] as const);
  }),
  ...["time_decay", "time_first", "time_mix_k", "time_mix_v", "time_mix_r"].map((name) => {
    return [`blocks.0.att.${name}`, zeros(1, 1, 4)] as const;
  }),
  ...["time_mix_k", "time_mix_r"].map((name) => [`blocks.0.ffn.${name}`, zeros(1, 1, 4)] as const),
  ...["att.key", "att.value", "att.receptance", "att.output", "ffn.key", "ffn.receptance", "ffn.value"].map((name) => {
    return [`blocks.0.${name}.weight`, zeros(4, 4)] as const;
  }),
]);
const { [indexName]: index = new Uint8Array(), ...parts } = shardFiles(tiny, 2);
const tensors = {
  "emb.weight": floats([2, 3], [1, 2, 3, 4, 5, 6]),
  "blocks.0.att.time_first": { dtype: "BF16", shape: [4], bytes: new Uint8Array(8) },
  "head.weight": { dtype: "I8", shape: [1, 32], bytes: new Uint8Array(32) },
  "head.weight.scale": floats([1, 1], [0.5]),
} as const;
const views = {
  "emb.weight": { key: "0", elements: 6, shape: [2, 3] },
  "ln_out.weight": { key: "0", elements: 6, shape: [3, 2], strides: [1, 3] },
  "blocks.0.ln1.bias": { key: "0", elements: 6, shape: [2], offset: 4, isParameter: true },
};

/** All tensors share this storage, which is as large as the largest tensor. */
const storage = new Uint8Array(64);
const tinyViews = Object.fromEntries(
  Object.entries(tiny).map(([name, { shape }]) => [name, { key: "0", elements: 16, shape }] as const),
);

function zeros(...shape: readonly number[]): WrittenTensor {
  const count = shape.reduce((product, length) => product * length, 1);
  return { dtype: "BF16", shape, bytes: new Uint8Array(2 * count) };
}

/** The header of a .safetensors file, without its length. */
function headerOf(file: Buffer): Uint8Array {
  return file.subarray(8, 8 + Number(file.readBigUInt64LE()));
}

function withHeader(header: Uint8Array): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, new Uint8Array(1024)]);
}

/**
 * Opens weights of any format, detects the architecture, and reads all tensors, both as an import does and as an engine
 * does.
 */
function readWeights(file: string): void {
  const source = openWeights(file);
  for (const name of source.names) {
    const [rows = 0] = source.shape(name);
    if (rows > 0) source.readRows(name, rows - 1, rows);
    if (source.dtype(name) === "U8") source.readBytes(name);
    else source.readFloats(name);
  }
  detectDimensions(source);
}

const alignedKeys = [...smallGguf.keys, ["general.alignment", value.uint32(64)]] as const;

/** A complete GGUF model with two tokens. It is as small as the format of its matrices allows. */
function wholeGguf(version: 6 | 7, matrices: "F32" | "Q8_0" | "Q4_0"): Uint8Array {
  const width = matrices === "F32" ? 4 : 32;
  const source = tinyModel(version, { C: width, F: width, H: 2, N: width / 2, V: 2 });
  const vocabulary = { tokens: ["<s>", "\\x41"], kinds: [3, 1] };
  return ggufFile(ggufModel(source, { version, matrices, embedding: "F32", headSize: width / 2, ...vocabulary }).file);
}

/** The tiny model without a head. config.json decides whether it uses its embedding as the head. */
const untied = Object.fromEntries(Object.entries(tiny).filter(([name]) => name !== "head.weight"));

/** Readers of weights, and of files that accompany weights. */
export const weightsReaders: Readonly<Record<string, FuzzedReader>> = {
  pth: {
    fileName: "model.pth",
    fileOf: whole,
    seeds: [
      pthFile(tiny),
      pthFile({ a: six, b: six }),
      torchZip(stateDict(views), [six.bytes]),
      zipFile(torchEntries(stateDict(views), [six.bytes]).map((entry) => ({ ...entry, isWide: true }))),
      zipFile(torchEntries(stateDict(views), [six.bytes]), { isWide: true }),
    ],
    words: [
      "cbuiltins\neval\n",
      "ctorch\nFloatStorage\n",
      "((((((((",
      "q\0",
      "PK\x01\x02",
      "PK\x05\x06",
      "R",
      "b",
      "\x8a\x08",
    ],
    read: readWeights,
  },
  "pickle in a .pth": {
    fileName: "model.pth",
    fileOf: (pickled) => torchZip(pickled, [storage]),
    seeds: [stateDict(tinyViews), stateDict(views), stateDict({ a: { key: "0", elements: 6, shape: [] } })],
    words: [
      "cbuiltins\neval\n",
      "ctorch\nFloatStorage\n",
      "((((((((",
      "q\0",
      "h\0",
      "R",
      "b",
      "]",
      "}",
      "\x85",
      "\x8a\x08",
    ],
    read: readWeights,
  },
  safetensors: {
    fileName: "model.safetensors",
    fileOf: whole,
    seeds: [tensorFile(tiny), tensorFile(tensors), tensorFile({ a: six })],
    words: ["\0", "\xff\xff\xff\xff", "{", "}", '"', "[", "null"],
    read: readWeights,
  },
  "header of a .safetensors": {
    fileName: "model.safetensors",
    fileOf: withHeader,
    seeds: [headerOf(tensorFile(tiny)), headerOf(tensorFile(tensors)), headerOf(tensorFile({ a: six }))],
    words: [
      '"dtype":"U8"',
      '"F16"',
      "null",
      "[[[[[[[[",
      "1e999",
      "-1",
      '"__proto__":',
      '"data_offsets":[0,0]',
      "[]",
      "{}",
    ],
    read: readWeights,
  },
  "index of parts": {
    fileName: indexName,
    beside: parts,
    fileOf: whole,
    seeds: [index, Buffer.from(JSON.stringify(JSON.parse(Buffer.from(index).toString())))],
    words: [
      '"../model-00001-of-00002.safetensors"',
      `"${partName(1, 2)}"`,
      `"${partName(3, 3)}"`,
      `"${indexName}"`,
      '"emb.weight":',
      '"__proto__":',
      "null",
      "[[[[[[[[",
      "{}",
      "\\u0000",
      "\0",
      '"constructor":',
      '"hasOwnProperty"',
      "1e999",
      "true",
    ],
    read: readWeights,
  },
  "config.json": {
    fileName: "config.json",
    beside: { "model.safetensors": tensorFile(untied) },
    fileOf: whole,
    seeds: [Buffer.from(JSON.stringify({ tie_word_embeddings: true, norm_eps: 1e-5, attn: null }))],
    words: ["null", "[]", "{}", "true", "false", '"__proto__":', "1e999", "-1", "[[[[[[[[", "\0"],
    read: (file) => {
      readWeights(path.join(path.dirname(file), "model.safetensors"));
    },
  },
  gguf: {
    fileName: "model.gguf",
    fileOf: whole,
    seeds: [
      ggufFile(smallGguf),
      ggufFile({ ...smallGguf, alignment: 64, keys: alignedKeys }),
      wholeGguf(7, "F32"),
      wholeGguf(7, "Q8_0"),
      wholeGguf(6, "F32"),
      wholeGguf(6, "Q4_0"),
    ],
    words: ["\0", "\xff\xff\xff\xff\xff\xff\xff\xff", "\x09\0\0\0", "\x0e\0\0\0", "rwkv6", "\\x", "blk.0.time_mix_w1"],
    read: (file) => {
      readWeights(file);
      ggufVocabulary(file, 2);
    },
  },
};
