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

/** What the tokens of an imported model mean. */
export type ImportedVocabulary =
  | { readonly kind: "bytes" }
  | {
      readonly kind: Exclude<ModelJson["tokenizer"]["kind"], "bytes">;
      readonly path: string;
      readonly text: Buffer;
      /** Token 0 has no text: it ends one. */
      readonly hasEndOfText: boolean;
    };

const endOfText = 0 as TokenId; // in every vocabulary that published models have
const braceByte = 0x7b;

/**
 * The vocabulary for a model of a size: the file that was named, what the source itself holds, or the published file
 * beside it.
 * @throws ModelError that says which file is needed, or what is wrong with it.
 */
export function importedVocabulary(
  source: string,
  vocabularySize: number,
  named: string | undefined,
): ImportedVocabulary {
  if (named !== undefined) return readVocabulary(named, vocabularySize);
  const own = vocabularyWithin(source, vocabularySize);
  if (own !== undefined) return own;
  if (vocabularySize === 256) return { kind: "bytes" };
  const published = publishedVocabulary(vocabularySize);
  if (published === undefined) {
    const remedy = "name its vocabulary, in the World models' format or a tokenizer.json, with --tokenizer FILE";
    throw new ModelError(source, `a model of ${vocabularySize} tokens; ${remedy}`);
  }
  const beside = besideOf(source, published);
  if (!existsSync(beside)) {
    const { name, fileName, origin } = published;
    const remedy = "lay it beside the model or name it with --tokenizer FILE";
    throw new ModelError(source, `needs ${name}, ${fileName} (${origin}); ${remedy}`);
  }
  const vocabulary = readVocabulary(beside, vocabularySize);
  if (isPublished(published, vocabulary.text)) return vocabulary;
  throw new ModelError(beside, "not the published file; copy it again, or name it with --tokenizer if it is meant");
}

/** True where an import needs a vocabulary that is neither in the source nor beside it. */
export function isVocabularyMissing(source: string, vocabularySize: number): boolean {
  if (vocabularySize === 256 || ggufVocabulary(source, vocabularySize) !== undefined) return false;
  const published = publishedVocabulary(vocabularySize);
  return published === undefined || !existsSync(besideOf(source, published));
}

function besideOf(source: string, { fileName }: PublishedVocabulary): string {
  return path.join(path.dirname(source), fileName);
}

type VocabularyOfFile = Exclude<ImportedVocabulary, { readonly kind: "bytes" }>;

/** Of a GGUF file. */
function vocabularyWithin(source: string, vocabularySize: number): VocabularyOfFile | undefined {
  const entries = ggufVocabulary(source, vocabularySize);
  if (entries === undefined) return undefined;
  const text = vocabularyText(entries);
  if (world.vocabularySizes.includes(vocabularySize) && !isPublished(world, text)) {
    throw new ModelError(source, "its vocabulary is not the World models'; name one with --tokenizer if that is meant");
  }
  const tokenizer = greedyTokenizer(source, entries, vocabularySize); // says what is wrong with it
  return { kind: "greedy-trie", path: source, text, hasEndOfText: tokenizer.bytesOf(endOfText).length === 0 };
}

function readVocabulary(file: string, vocabularySize: number): VocabularyOfFile {
  const missing = "no such file; name the model's vocabulary";
  const text = withLineFeeds(readSmallFile(file, { ...vocabularyLimits, missing }));
  const kind = text[0] === braceByte ? "bpe" : "greedy-trie";
  const tokenizer = tokenizerOfFile(kind, file, vocabularySize); // says what is wrong with it
  return { kind, path: file, text, hasEndOfText: tokenizer.bytesOf(endOfText).length === 0 };
}
