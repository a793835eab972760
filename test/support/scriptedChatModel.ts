import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ChatFormat } from "../../src/core/model.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { fixtures } from "./paths.js";
import { randomFrom } from "./random.js";
import { floats, tensorFile, tensorsOf, type WrittenTensor } from "./tensorFile.js";

/** The words that a model writes after a text. */
export interface ScriptedReply {
  /** The model writes this reply after any text that ends with `after`, which is a token of its vocabulary. */
  readonly after: string;
  readonly says: string;
  /** If true, the reply starts over after its last word. */
  readonly isEndless?: boolean;
}

export interface ScriptedChatModel {
  readonly name: string;
  readonly chat: ChatFormat;
  readonly replies: readonly ScriptedReply[];
  /** The more layers, the slower the model. */
  readonly layers?: number;
}

const width = 128;

/**
 * Writes the folder of a model that can write only the scripted replies. It is a real RWKV-7: a fixture whose blocks
 * contribute nothing, so that each token depends only on the token before it. Each word of a reply is a token.
 */
export function writeScriptedChatModel(folder: string, { name, chat, replies, layers = 2 }: ScriptedChatModel): string {
  const pieces = replies.flatMap(piecesOf);
  const count = 1 + pieces.length + 256;
  // Of two entries with the same bytes, the tokenizer uses the later one. So a single byte of a text is never encoded
  // as a word of a reply.
  const entries = [...pieces.map(({ text }) => Buffer.from(text)), ...bytes()];
  const vocabulary = entries.map((entry, i) => `${i + 1} ${literal(entry)} ${entry.length}\n`).join("");
  const weights = tensorFile({ ...silentBlocks(layers), ...endsOf(pieces, count) });
  mkdirSync(folder, { recursive: true });
  const files = { "model.safetensors": weights, "vocab.txt": Buffer.from(vocabulary) };
  for (const [file, content] of Object.entries(files)) writeFileSync(path.join(folder, file), content);
  const json = {
    name,
    architecture: "rwkv7",
    tokenizer: { kind: "greedy-trie", file: "vocab.txt" },
    document: { prompt: "prefix", endOfDocument: 0 },
    chat,
    licence: "made for a test",
    files: Object.fromEntries(Object.entries(files).map(([file, content]) => [file, { sha256: sha256(content) }])),
    weights: "fp32",
  };
  writeFileSync(path.join(folder, "model.json"), JSON.stringify(json, null, 2));
  return folder;
}

/** A word of a reply, or a reply's `after`. `next` is the id of the token that follows it, 0 for the end token. */
interface ScriptedToken {
  readonly text: string;
  readonly next: number;
}

function piecesOf(
  { after, says, isEndless = false }: ScriptedReply,
  i: number,
  all: readonly ScriptedReply[],
): ScriptedToken[] {
  const first = 1 + all.slice(0, i).reduce((sum, saying) => sum + 1 + wordsOf(saying.says).length, 0);
  const words = wordsOf(says);
  const last = isEndless ? first + 1 : 0;
  return [after, ...words].map((text, k) => ({ text, next: k < words.length ? first + k + 1 : last }));
}

function wordsOf(text: string): string[] {
  return text.match(/\n|[^\S\n]*[^\s]+/g) ?? [];
}

/** The blocks of a fixture with zero output matrices, so that they leave the embedding unchanged. */
function silentBlocks(layers: number): Record<string, WrittenTensor> {
  const fixture = tensorsOf(openSafetensors(path.join(fixtures, "rwkv/v7-small/model.safetensors")));
  const constant = (value: number) => floats([width], new Float32Array(width).fill(value));
  const silenced = (name: string, tensor: WrittenTensor): WrittenTensor =>
    /att\.output\.weight$|ffn\.value\.weight$/.test(name)
      ? { ...tensor, bytes: new Uint8Array(tensor.bytes.length) }
      : tensor;
  const blockOf = (from: number, to: number): [string, WrittenTensor][] =>
    Object.entries(fixture)
      .filter(([name]) => name.startsWith(`blocks.${from}.`))
      .map(([name, tensor]) => [name.replace(/\d+/, `${to}`), silenced(name, tensor)]);
  // The first block's tensors differ from the others'. All later blocks are copies of the second one.
  const silent = Array.from({ length: layers }, (_, layer) => blockOf(Math.min(layer, 1), layer)).flat();
  const norms = ["blocks.0.ln0", "ln_out"].flatMap((norm): [string, WrittenTensor][] => [
    [`${norm}.weight`, constant(1)],
    [`${norm}.bias`, constant(0)],
  ]);
  return Object.fromEntries([...silent, ...norms]);
}

/**
 * The embedding and the head. The head's row for the token `next` points in the direction of its predecessor's
 * embedding. A token that is in no reply is followed by the end token.
 */
function endsOf(pieces: readonly ScriptedToken[], count: number): Record<string, WrittenTensor> {
  const random = randomFrom(7);
  const direction = () => Float32Array.from({ length: width }, () => random.pick([-1, 1]));
  const ordinary = direction();
  const embedding = Array.from({ length: count }, (_, id) => (id > 0 && id <= pieces.length ? direction() : ordinary));
  const head = Array.from({ length: count }, () => new Float32Array(width));
  const point = (from: Float32Array, to: number): void => {
    // The successor gets a logit of 40 and all others small ones, so sampling always draws the successor.
    from.forEach((value, k) => (head[to]![k]! += (40 / width) * value));
  };
  point(ordinary, 0);
  pieces.forEach(({ next }, i) => {
    point(embedding[i + 1]!, next);
  });
  const matrix = (rows: readonly Float32Array[]) =>
    floats(
      [count, width],
      rows.flatMap((row) => [...row]),
    );
  return { "emb.weight": matrix(embedding), "head.weight": matrix(head) };
}

function bytes(): Buffer[] {
  return Array.from({ length: 256 }, (_, byte) => Buffer.of(byte));
}

/** A byte string literal as in Python. */
function literal(entry: Buffer): string {
  return `b'${[...entry].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}'`;
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
