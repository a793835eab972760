import path from "node:path";
import { type PromptFormat, type TokenId, type Tokenizer } from "../core/model.js";
import { ModelError } from "./modelError.js";
import type { ModelJson } from "./modelJson.js";
import { parseModelJson } from "./modelJson.js";
import { readSmallFile, statOf } from "./regularFile.js";
import { sha256Of } from "./sha256.js";
import { BpeTokenizer } from "./tokenizers/bpe.js";
import { bytesTokenizer } from "./tokenizers/bytes.js";
import { GreedyTrieTokenizer } from "./tokenizers/greedyTrie.js";
import { readTokenizerJson } from "./tokenizers/tokenizerJson.js";
import { readVocabularyFile, type VocabularyEntry } from "./tokenizers/vocabularyFile.js";
import { neverCancelled, type CancellationToken } from "../shared/cancellation.js";

/** A model on disk: a folder with its model.json, or a bare weights file. */
export type ModelFiles =
  | { readonly kind: "folder"; readonly folder: string; readonly weights: string; readonly json: ModelJson }
  | { readonly kind: "file"; readonly weights: string };

export const weightsName = "model.safetensors";
/** The embedded model's model.json takes less than 1 kB. */
const modelJsonLimits = {
  maxBytes: 2 ** 20,
  what: "a model.json",
  missing: "no such file; a model's folder holds model.json, model.safetensors and a vocabulary",
} as const;

/**
 * Finds a model at a path; opens only model.json.
 * @throws ModelError if the path does not exist, or the folder's model.json is missing or invalid.
 */
export function findModel(modelPath: string): ModelFiles {
  const kind = statOf(modelPath);
  if (kind === undefined) throw new ModelError(modelPath, "no such file or folder; give a model's folder");
  if (!kind.isDirectory()) return { kind: "file", weights: modelPath };
  const jsonPath = path.join(modelPath, "model.json");
  const text = readSmallFile(jsonPath, modelJsonLimits).toString("utf8");
  return {
    kind: "folder",
    folder: modelPath,
    weights: path.join(modelPath, weightsName),
    json: parseModelJson(jsonPath, text),
  };
}

/**
 * Checks the SHA-256 of each file that model.json names.
 * @returns the hashes by file name.
 * @throws ModelError if a file is missing or has another hash, or model.json lacks a hash; Cancelled.
 */
export async function checkHashes(
  folder: string,
  json: ModelJson,
  cancellation: CancellationToken = neverCancelled,
): Promise<ReadonlyMap<string, string>> {
  const needed = [weightsName];
  if (json.tokenizer.kind !== "bytes") needed.push(json.tokenizer.file);
  if (json.calibration !== undefined) needed.push(json.calibration);
  for (const name of needed) {
    if (!json.files.has(name)) {
      throw new ModelError(path.join(folder, "model.json"), `names no sha256 for ${name} under "files"`);
    }
  }
  const hashes = new Map<string, string>();
  for (const [name, { sha256 }] of json.files) {
    const file = path.join(folder, name);
    const found = await sha256Of(file, cancellation);
    if (found !== sha256) {
      throw new ModelError(
        file,
        `is not the file that model.json names (sha256 ${found}, not ${sha256}); copy it again`,
      );
    }
    hashes.set(name, found);
  }
  return hashes;
}

/** Creates the tokenizer that model.json names. @throws ModelError if its file is missing or damaged. */
export function tokenizerOf(folder: string, json: ModelJson, vocabularySize: number): Tokenizer {
  const { tokenizer, document } = json;
  if (tokenizer.kind === "bytes") {
    const { endOfDocument, suffix, middle, header, endOfMiddle } = document;
    return bytesTokenizer([endOfDocument, suffix, middle, header, endOfMiddle].filter((id) => id !== undefined));
  }
  return tokenizerOfFile(tokenizer.kind, path.join(folder, tokenizer.file), vocabularySize);
}

/** Creates a tokenizer from a vocabulary file. @throws ModelError if the file is missing, invalid or incomplete. */
export function tokenizerOfFile(kind: "greedy-trie" | "bpe", file: string, vocabularySize: number): Tokenizer {
  if (kind === "bpe") return new BpeTokenizer(readTokenizerJson(file, vocabularySize), vocabularySize);
  return greedyTokenizer(file, readVocabularyFile(file, vocabularySize), vocabularySize);
}

/** Creates a greedy tokenizer. @throws ModelError if the entries lack a byte that occurs in text. */
export function greedyTokenizer(file: string, entries: readonly VocabularyEntry[], vocabularySize: number): Tokenizer {
  const trie = new GreedyTrieTokenizer(entries, vocabularySize);
  const text = [...trie.sentinelBytes].find((byte) => byte >= 32 || byte === 9 || byte === 10);
  if (text !== undefined) throw new ModelError(file, `has no entry for the byte ${text}; the vocabulary is incomplete`);
  return trie;
}

/** @throws ModelError if a sentinel is not a token of the model. */
export function checkSentinels(folder: string, { document }: ModelJson, vocabularySize: number): void {
  for (const [name, id] of Object.entries(document)) {
    if (typeof id !== "number" || id < vocabularySize) continue;
    const problem = `"document.${name}" is ${id}, not one of the model's ${vocabularySize} tokens; correct it`;
    throw new ModelError(path.join(folder, "model.json"), problem);
  }
}

export function promptFormatOf(json: ModelJson): PromptFormat {
  // `parseModelJson` has validated the ids.
  const id = (value: number | undefined): TokenId | undefined => value as TokenId | undefined;
  const { prompt, endOfDocument, header, suffix, middle, endOfMiddle, sentinels } = json.document;
  return {
    form: prompt,
    endOfDocument: id(endOfDocument),
    header: id(header),
    suffix: id(suffix),
    middle: id(middle),
    endOfMiddle: id(endOfMiddle),
    textSentinels: sentinels,
  };
}
