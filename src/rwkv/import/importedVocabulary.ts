import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { TokenId } from "../../core/model.js";
import { ModelError } from "../modelError.js";
import { vocabularyTokenizer } from "../modelFolder.js";
import {
  isWorldVocabulary,
  withLineFeeds,
  worldVocabularyName,
  worldVocabularySize,
} from "../tokenizers/worldVocabulary.js";

/** What the tokens of an imported model mean. */
export type ImportedVocabulary =
  | { readonly kind: "bytes" }
  | {
      readonly kind: "file";
      readonly path: string;
      readonly text: Buffer;
      /** Token 0 has no text: it ends one. */
      readonly hasEndOfText: boolean;
    };

const endOfText = 0 as TokenId; // in every vocabulary of this format
const twentyB = [50_277, 50_304];

/**
 * The vocabulary for a model of a size: the file that was named, or the World vocabulary beside the source.
 * @throws ModelError that says which file is needed, or what is wrong with it.
 */
export function importedVocabulary(
  source: string,
  vocabularySize: number,
  named: string | undefined,
): ImportedVocabulary {
  if (named !== undefined) return readVocabulary(named, vocabularySize);
  if (vocabularySize === 256) return { kind: "bytes" };
  if (twentyB.includes(vocabularySize)) {
    throw new ModelError(
      source,
      "its tokens are those of 20B_tokenizer.json, which is not read yet; take a World model",
    );
  }
  if (vocabularySize !== worldVocabularySize) {
    const remedy = "name its vocabulary, in the World models' format, with --vocabulary FILE";
    throw new ModelError(source, `a model of ${vocabularySize} tokens; ${remedy}`);
  }
  const beside = besideOf(source);
  if (!existsSync(beside)) {
    const origin = "it comes with RWKV-LM and with the pip package rwkv";
    const remedy = "lay it beside the model or name it with --vocabulary FILE";
    throw new ModelError(source, `needs the World vocabulary, ${worldVocabularyName} (${origin}); ${remedy}`);
  }
  const vocabulary = readVocabulary(beside, vocabularySize);
  if (isWorldVocabulary(vocabulary.text)) return vocabulary;
  throw new ModelError(beside, "not the published file; copy it again, or name it with --vocabulary if it is meant");
}

/** True where an import needs a vocabulary that is not beside the source, and could read one. */
export function isVocabularyMissing(source: string, vocabularySize: number): boolean {
  if (vocabularySize === 256 || twentyB.includes(vocabularySize)) return false;
  return vocabularySize !== worldVocabularySize || !existsSync(besideOf(source));
}

function besideOf(source: string): string {
  return path.join(path.dirname(source), worldVocabularyName);
}

function readVocabulary(file: string, vocabularySize: number): ImportedVocabulary & { readonly kind: "file" } {
  const tokenizer = vocabularyTokenizer(file, vocabularySize); // says what is wrong with it
  const hasEndOfText = tokenizer.bytesOf(endOfText).length === 0;
  return { kind: "file", path: file, text: withLineFeeds(readFileSync(file)), hasEndOfText };
}
