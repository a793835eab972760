import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { TokenId } from "../../core/model.js";
import { ModelError } from "../modelError.js";
import { tokenizerOfFile } from "../modelFolder.js";
import type { ModelJson } from "../modelJson.js";
import {
  isPublished,
  publishedVocabulary,
  withLineFeeds,
  type PublishedVocabulary,
} from "../tokenizers/publishedVocabularies.js";

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
 * The vocabulary for a model of a size: the file that was named, or the published one beside the source.
 * @throws ModelError that says which file is needed, or what is wrong with it.
 */
export function importedVocabulary(
  source: string,
  vocabularySize: number,
  named: string | undefined,
): ImportedVocabulary {
  if (named !== undefined) return readVocabulary(named, vocabularySize);
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

/** True where an import needs a vocabulary that is not beside the source. */
export function isVocabularyMissing(source: string, vocabularySize: number): boolean {
  if (vocabularySize === 256) return false;
  const published = publishedVocabulary(vocabularySize);
  return published === undefined || !existsSync(besideOf(source, published));
}

function besideOf(source: string, { fileName }: PublishedVocabulary): string {
  return path.join(path.dirname(source), fileName);
}

type VocabularyOfFile = Exclude<ImportedVocabulary, { readonly kind: "bytes" }>;

function readVocabulary(file: string, vocabularySize: number): VocabularyOfFile {
  if (!existsSync(file)) throw new ModelError(file, "no such file; name the model's vocabulary");
  const text = withLineFeeds(readFileSync(file));
  const kind = text[0] === braceByte ? "bpe" : "greedy-trie";
  const tokenizer = tokenizerOfFile(kind, file, vocabularySize); // says what is wrong with it
  return { kind, path: file, text, hasEndOfText: tokenizer.bytesOf(endOfText).length === 0 };
}
