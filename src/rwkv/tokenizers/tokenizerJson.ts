import { isObject } from "../../shared/jsonObject.js";
import type { TokenId } from "../../core/model.js";
import { ModelError } from "../modelError.js";
import { readSmallFile } from "../regularFile.js";
import type { BpeVocabulary } from "./bpe.js";
import { bytesOfSymbols, symbols } from "./byteLevel.js";
import type { Merge } from "./merges.js";
import { maxEntryBytes, type VocabularyEntry } from "./vocabularyFile.js";

type Json = Readonly<Record<string, unknown>>;
type MakeError = (problem: string) => Error;

/** GPT-NeoX's file has 2.5 MB. */
const limits = {
  maxBytes: 16 * 2 ** 20,
  what: "a tokenizer.json",
  missing: "no such file; a model's folder holds its tokenizer",
} as const;
const maxTokens = 2 ** 16;

/** Reads a tokenizer.json. @throws ModelError if it is invalid or uses an unsupported feature. */
export function readTokenizerJson(path: string, vocabularySize: number): BpeVocabulary {
  const makeError: MakeError = (problem) => new ModelError(path, problem);
  return parseTokenizerJson(readSmallFile(path, limits).toString("utf8"), vocabularySize, makeError);
}

/**
 * Parses a tokenizer.json of byte-level BPE, such as 20B_tokenizer.json. Special tokens (<|endoftext|>) get no text,
 * because in a user's file their names are ordinary text.
 * @throws the error that `makeError` creates.
 */
export function parseTokenizerJson(text: string, vocabularySize: number, makeError: MakeError): BpeVocabulary {
  const json = parse(text, makeError);
  checkSteps(json, makeError);
  const model = json["model"] as Json; // checked by checkSteps
  const added = addedTokens(json["added_tokens"] ?? [], makeError);
  const special = new Set(added.filter((token) => token.isSpecial).map(({ id }) => id));
  const ids = idsOf(model["vocab"], { vocabularySize, makeError });
  const entries: VocabularyEntry[] = [];
  for (const [text, token] of ids) {
    if (special.has(token)) continue;
    const bytes = bytesOfSymbols(text);
    if (bytes === undefined) throw makeError(`its entry ${token} is not written as byte-level BPE writes bytes`);
    if (bytes.length > maxEntryBytes)
      throw makeError(`its entry ${token} has ${bytes.length} bytes, not at most ${maxEntryBytes}`);
    entries.push({ token, bytes });
  }
  const missing = symbols.findIndex((symbol, byte) => isOfUtf8(byte) && !ids.has(symbol));
  if (missing >= 0) throw makeError(`has no entry for the byte ${missing}; the vocabulary is incomplete`);
  const runs = runsOfSpaces(added, { vocabularySize, makeError });
  return {
    entries: [...entries, ...runs],
    merges: mergesOf(model["merges"], ids, makeError),
    maxSpaceRun: maxRunLength(runs),
  };
}

function parse(text: string, makeError: MakeError): Json {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw makeError("is not JSON; is it a tokenizer.json?");
  }
  if (!isObject(json)) throw makeError("is not a tokenizer.json");
  return json;
}

/**
 * Checks that the tokenizer is plain byte-level BPE, because other steps would produce other tokens. NFC normalization
 * is the only other step that is allowed; it is ignored (bpe.ts).
 */
function checkSteps(json: Json, makeError: MakeError): void {
  const { model, pre_tokenizer: splitting, normalizer } = json;
  if (!isObject(model) || model["type"] !== "BPE")
    throw makeError("is not a BPE tokenizer, such as 20B_tokenizer.json");
  for (const option of ["continuing_subword_prefix", "end_of_word_suffix", "dropout", "byte_fallback"]) {
    if (model[option] !== undefined && model[option] !== null && model[option] !== "" && model[option] !== false) {
      throw makeError(`uses ${option}, which is not supported`);
    }
  }
  const isByteLevel = isObject(splitting) && splitting["type"] === "ByteLevel";
  if (!isByteLevel || splitting["add_prefix_space"] === true || splitting["use_regex"] === false) {
    throw makeError("splits text differently from GPT-2, which is not supported");
  }
  const isNfc = isObject(normalizer) && normalizer["type"] === "NFC";
  if (normalizer !== undefined && normalizer !== null && !isNfc)
    throw makeError("uses a normalizer other than NFC, which is not supported");
}

interface AddedToken {
  readonly id: TokenId;
  readonly content: string;
  readonly isSpecial: boolean;
}

function addedTokens(value: unknown, makeError: MakeError): AddedToken[] {
  if (!Array.isArray(value)) throw makeError("its added tokens are not a list");
  return value.map((token: unknown) => {
    if (!isObject(token) || typeof token["content"] !== "string" || !isTokenId(token["id"])) {
      throw makeError("one of its added tokens has no id or no text");
    }
    return { id: token["id"], content: token["content"], isSpecial: token["special"] === true };
  });
}

interface Limits {
  readonly vocabularySize: number;
  readonly makeError: MakeError;
}

function idsOf(value: unknown, { vocabularySize, makeError }: Limits): ReadonlyMap<string, TokenId> {
  if (!isObject(value)) throw makeError("has no vocabulary");
  const ids = new Map<string, TokenId>();
  const seen = new Set<number>();
  for (const [text, id] of Object.entries(value)) {
    if (!isTokenId(id)) throw makeError(`${JSON.stringify(text)} has no id`);
    if (id >= vocabularySize)
      throw makeError(
        `id ${id} is not below the model's vocabulary size of ${vocabularySize}; it may belong to another model`,
      );
    if (seen.has(id)) throw makeError(`id ${id} occurs twice`);
    seen.add(id);
    ids.set(text, id);
  }
  return ids;
}

/** The tokens that are matched before anything else: runs of 2, 3, … spaces. */
function runsOfSpaces(added: readonly AddedToken[], { vocabularySize, makeError }: Limits): VocabularyEntry[] {
  const runs = added
    .filter(({ isSpecial }) => !isSpecial)
    .map(({ id, content }) => {
      if (!/^ +$/.test(content))
        throw makeError(`adds the token ${JSON.stringify(content)}, but only runs of spaces are supported`);
      if (id >= vocabularySize)
        throw makeError(
          `id ${id} is not below the model's vocabulary size of ${vocabularySize}; it may belong to another model`,
        );
      return { token: id, bytes: Buffer.from(content) };
    })
    .sort((a, b) => a.bytes.length - b.bytes.length);
  if (runs.some(({ bytes }, i) => bytes.length !== i + 2)) throw makeError("lacks a run of spaces");
  return runs;
}

function maxRunLength(runs: readonly VocabularyEntry[]): number {
  return runs.at(-1)?.bytes.length ?? 0;
}

/** Reads the merges, each of which is a string "left right" or a list of two strings. */
function mergesOf(value: unknown, ids: ReadonlyMap<string, TokenId>, makeError: MakeError): Merge[] {
  if (!Array.isArray(value)) throw makeError("has no merges");
  return value.map((entry: unknown, i) => {
    const pair: readonly unknown[] = typeof entry === "string" ? entry.split(" ") : Array.isArray(entry) ? entry : [];
    const [left, right, ...more] = pair;
    if (typeof left !== "string" || typeof right !== "string" || more.length > 0)
      throw makeError(`its merge ${i} is not a pair`);
    const [a, b, merged] = [ids.get(left), ids.get(right), ids.get(left + right)];
    if (a === undefined || b === undefined || merged === undefined)
      throw makeError(`its merge ${i} does not consist of entries`);
    return { left: a, right: b, merged };
  });
}

function isOfUtf8(byte: number): boolean {
  return byte < 0xc0 || (byte > 0xc1 && byte < 0xf5);
}

function isTokenId(value: unknown): value is TokenId {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < maxTokens;
}
