import path from "node:path";
import type { PromptFormat, TokenId, Tokenizer } from "../../src/core/model.js";
import { GreedyTrieTokenizer } from "../../src/rwkv/tokenizers/greedyTrie.js";
import { readVocabularyFile } from "../../src/rwkv/tokenizers/vocabularyFile.js";
import { embeddedModel } from "./paths.js";

/** The embedded model's tokenizer: 8,192 entries; the bytes 0 to 5 are sentinels. */
export const starterTokenizer: Tokenizer = new GreedyTrieTokenizer(
  readVocabularyFile(path.join(embeddedModel, "vocab.txt"), 8192),
  8192,
);

const id = (value: number): TokenId => value as TokenId;

export const prefixFormat: PromptFormat = {
  form: "prefix",
  endOfDocument: id(0),
  header: id(4),
  suffix: id(2),
  middle: id(3),
  endOfMiddle: id(5),
  textSentinels: undefined,
};

export const suffixFormat: PromptFormat = { ...prefixFormat, form: "prefix-suffix-middle" };

/** A prompt format with sentinels that are text, as in G1c. */
export const textFormat: PromptFormat = {
  form: "suffix-prefix-middle",
  endOfDocument: id(0),
  header: undefined,
  suffix: undefined,
  middle: undefined,
  endOfMiddle: undefined,
  textSentinels: { prefix: "✿prefix✿", suffix: "✿suffix✿", middle: "✿middle✿", sentinelPrefix: "✿" },
};

export function textOf(tokenizer: Tokenizer, tokens: readonly TokenId[]): string {
  return Buffer.concat(tokens.map((token) => tokenizer.bytesOf(token))).toString("utf8");
}
