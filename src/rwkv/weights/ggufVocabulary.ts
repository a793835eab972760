import type { TokenId } from "../../core/model.js";
import { ModelError } from "../modelError.js";
import { maxEntryBytes, type VocabularyEntry } from "../tokenizers/vocabularyFile.js";
import { downloadAgain, readRange, sizeOf } from "./fileRange.js";
import { GgufReader } from "./ggufReader.js";
import { ggufMagic, ggufText, readGgufHeader, type GgufArray, type GgufHeader } from "./ggufHeader.js";

/** Kinds of tokens with a text: normal and user-defined. The other kinds are control tokens and unused ones. */
const kindsOfText = [1, 4];
const int32 = 5;
/** An escaped byte has up to four characters. */
const maxTokenBytes = 4 * maxEntryBytes;
const backslash = 0x5c;
const named: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13 };

/**
 * Reads the vocabulary of a GGUF file (docs/RWKV.md §10).
 * @returns undefined if the file is not a GGUF file or has another kind of tokenizer.
 * @throws ModelError if it is damaged.
 */
export function ggufVocabulary(path: string, vocabularySize: number): readonly VocabularyEntry[] | undefined {
  if (!isGguf(path)) return undefined;
  const header = readGgufHeader(path);
  if (header.values.get("tokenizer.ggml.model") !== "rwkv") return undefined;
  const tokens = array(path, header, "tokenizer.ggml.tokens", ggufText);
  const kinds = array(path, header, "tokenizer.ggml.token_type", int32);
  if (tokens.count !== vocabularySize || kinds.count !== vocabularySize) {
    const problem = `has ${tokens.count} tokens, ${kinds.count} of them with a kind, for a model of ${vocabularySize}`;
    throw new ModelError(path, `${problem}; ${downloadAgain}`);
  }
  const tokenBytes = new GgufReader(path, sizeOf(path), tokens.offset);
  const kindBytes = new GgufReader(path, sizeOf(path), kinds.offset);
  const entries: VocabularyEntry[] = [];
  for (let id = 0; id < vocabularySize; id++) {
    const escaped = tokenBytes.bytes(maxTokenBytes);
    if (!kindsOfText.includes(kindBytes.int32())) continue;
    const bytes = unescaped(escaped);
    if (bytes.length > maxEntryBytes)
      throw new ModelError(path, `its token ${id} has ${bytes.length} bytes; ${downloadAgain}`);
    if (bytes.length === 0) throw new ModelError(path, `its token ${id} is malformed; ${downloadAgain}`);
    entries.push({ token: id as TokenId, bytes }); // less than the model's vocabulary size
  }
  return entries;
}

/** True for a GGUF file. @throws ModelError if there is no file. */
function isGguf(path: string): boolean {
  const head = readRange(path, 0, Math.min(sizeOf(path), ggufMagic.length));
  return ggufMagic.every((byte, i) => head[i] === byte);
}

function array(path: string, { arrays }: GgufHeader, key: string, type: number): GgufArray {
  const found = arrays.get(key);
  if (found?.type === type) return found;
  throw new ModelError(path, `has no list ${key}; convert the model again with a newer llama.cpp`);
}

/** Decodes the content of a Python bytes literal. @returns an empty array if it is malformed. */
function unescaped(text: Uint8Array): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < text.length;) {
    const byte = text[i] ?? 0;
    if (byte !== backslash) {
      bytes.push(byte);
      i++;
      continue;
    }
    const kind = String.fromCharCode(text[i + 1] ?? 0);
    if (kind === "x") {
      const hex = String.fromCharCode(...text.subarray(i + 2, i + 4));
      if (!/^[\da-f]{2}$/i.test(hex)) return new Uint8Array();
      bytes.push(parseInt(hex, 16));
      i += 4;
    } else {
      if (i + 1 === text.length) return new Uint8Array();
      bytes.push(named[kind] ?? text[i + 1] ?? 0);
      i += 2;
    }
  }
  return Uint8Array.from(bytes);
}
