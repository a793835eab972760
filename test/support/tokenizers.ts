import path from "node:path";
import type { Tokenizer } from "../../src/core/model.js";
import { BpeTokenizer } from "../../src/rwkv/tokenizers/bpe.js";
import { bytesTokenizer } from "../../src/rwkv/tokenizers/bytes.js";
import { GreedyTrieTokenizer } from "../../src/rwkv/tokenizers/greedyTrie.js";
import { parseTokenizerJson, readTokenizerJson } from "../../src/rwkv/tokenizers/tokenizerJson.js";
import { readVocabularyFile } from "../../src/rwkv/tokenizers/vocabularyFile.js";
import { smallBpeSize, smallTokenizerJson } from "./bpeFile.js";
import { sharedPlace } from "./paths.js";
import { starterTokenizer } from "./tokenizer.js";

/** A tokenizer to test. If its file is missing, `skip` is the reason for skipping the test. */
export interface TokenizerUnderTest {
  readonly name: string;
  readonly skip: string | false;
  readonly make: () => Tokenizer;
}

const worldFile = sharedPlace("fixtures/tokenizer-world/rwkv_vocab_v20230424.txt");
const twentyBFile = sharedPlace("fixtures/tokenizer-20b/20B_tokenizer.json");

export function smallBpe(): BpeTokenizer {
  const vocabulary = parseTokenizerJson(
    JSON.stringify(smallTokenizerJson()),
    smallBpeSize,
    (problem) => new Error(problem),
  );
  return new BpeTokenizer(vocabulary, smallBpeSize);
}

export const twentyBTokenizer: TokenizerUnderTest & { readonly file: string } = {
  name: "20B",
  skip: twentyBFile.skip,
  file: twentyBFile.path,
  make: () => new BpeTokenizer(readTokenizerJson(twentyBFile.path, 50_277), 50_277),
};

/** One tokenizer of each kind, and the tokenizers with large vocabularies. */
export const everyTokenizer: readonly TokenizerUnderTest[] = [
  { name: "the embedded model's", skip: false, make: () => starterTokenizer },
  { name: "bytes", skip: false, make: () => bytesTokenizer([0]) },
  { name: "a small BPE", skip: false, make: smallBpe },
  {
    name: "World",
    skip: worldFile.skip,
    make: () => new GreedyTrieTokenizer(readVocabularyFile(path.resolve(worldFile.path), 65_536), 65_536),
  },
  twentyBTokenizer,
];
