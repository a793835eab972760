import { existsSync } from "node:fs";
import path from "node:path";
import type { TokenId } from "../../core/model.js";
import { ModelError } from "../modelError.js";
import { readSmallFile } from "../regularFile.js";
import { greedyTokenizer, tokenizerOfFile } from "../modelFolder.js";
import type { ModelJson } from "../modelJson.js";
import {
  isPublished,
  publishedVocabulary,
  withLineFeeds,
  world,
  type PublishedVocabulary,
} from "../tokenizers/publishedVocabularies.js";
import { vocabularyLimits } from "../tokenizers/vocabularyFile.js";
import { vocabularyText } from "../tokenizers/vocabularyText.js";
import { ggufVocabulary } from "../weights/ggufVocabulary.js";

/** The vocabulary of an imported model. */
export type ImportedVocabulary =
  | { readonly kind: "bytes" }
  | {
      readonly kind: Exclude<ModelJson["tokenizer"]["kind"], "bytes">;
      readonly path: string;
      readonly text: Buffer;
      /** True if token 0 has no text. It is then the token that ends a document. */
      readonly hasEndOfText: boolean;
    };

const endOfText = 0 as TokenId; // in the vocabularies of all published models
const braceByte = 0x7b;

/**
 * Finds a model's vocabulary. It is the named file, if any; otherwise the vocabulary within the source; otherwise the
 * published file in the source's folder. A model with 256 tokens needs no published file: its tokens are the bytes.
 * @throws ModelError that names the needed file, or the file's problem.
 */
export function importedVocabulary(
  source: string,
  vocabularySize: number,
  named: string | undefined,
): ImportedVocabulary {
  if (named !== undefined) return readVocabulary(named, vocabularySize);
  const embedded = vocabularyWithin(source, vocabularySize);
  if (embedded !== undefined) return embedded;
  if (vocabularySize === 256) return { kind: "bytes" };
  const published = publishedVocabulary(vocabularySize);
  if (published === undefined) {
    const remedy = "give its vocabulary, in the World models' format or as a tokenizer.json, with --tokenizer FILE";
    throw new ModelError(
      source,
      `has a vocabulary of ${vocabularySize} tokens, which is not a published one; ${remedy}`,
    );
  }
  const beside = besideOf(source, published);
  if (!existsSync(beside)) {
    const { name, fileName, origin } = published;
    const remedy = "put it into the model's folder or give it with --tokenizer FILE";
    throw new ModelError(source, `needs ${name}, ${fileName} (${origin}); ${remedy}`);
  }
  const vocabulary = readVocabulary(beside, vocabularySize);
  if (isPublished(published, vocabulary.text)) return vocabulary;
  throw new ModelError(
    beside,
    "is not the published file; copy it again, or give it with --tokenizer if it is intended",
  );
}

/** True if an import needs a vocabulary that is neither in the source nor in its folder. */
export function isVocabularyMissing(source: string, vocabularySize: number): boolean {
  if (vocabularySize === 256 || ggufVocabulary(source, vocabularySize) !== undefined) return false;
  const published = publishedVocabulary(vocabularySize);
  return published === undefined || !existsSync(besideOf(source, published));
}

function besideOf(source: string, { fileName }: PublishedVocabulary): string {
  return path.join(path.dirname(source), fileName);
}

type VocabularyOfFile = Exclude<ImportedVocabulary, { readonly kind: "bytes" }>;

/** The vocabulary within a GGUF file; undefined for other files. */
function vocabularyWithin(source: string, vocabularySize: number): VocabularyOfFile | undefined {
  const entries = ggufVocabulary(source, vocabularySize);
  if (entries === undefined) return undefined;
  const text = vocabularyText(entries);
  if (world.vocabularySizes.includes(vocabularySize) && !isPublished(world, text)) {
    throw new ModelError(
      source,
      "has a vocabulary that is not the World models'; give one with --tokenizer if this is intended",
    );
  }
  const tokenizer = greedyTokenizer(source, entries, vocabularySize); // throws if the vocabulary is damaged
  return { kind: "greedy-trie", path: source, text, hasEndOfText: tokenizer.bytesOf(endOfText).length === 0 };
}

function readVocabulary(file: string, vocabularySize: number): VocabularyOfFile {
  const missing = "no such file; give the model's vocabulary";
  const text = withLineFeeds(readSmallFile(file, { ...vocabularyLimits, missing }));
  const kind = text[0] === braceByte ? "bpe" : "greedy-trie";
  const tokenizer = tokenizerOfFile(kind, file, vocabularySize); // throws if the vocabulary is damaged
  return { kind, path: file, text, hasEndOfText: tokenizer.bytesOf(endOfText).length === 0 };
}
