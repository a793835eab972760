import { createHash } from "node:crypto";

/** A vocabulary file that published models share (docs/RWKV.md §11). */
export interface PublishedVocabulary {
  readonly fileName: string;
  /** For display. */
  readonly name: string;
  /** Where to get the file, for display. */
  readonly origin: string;
  /** Vocabulary sizes of the models that use the file. A model may have more ids than the file has entries. */
  readonly vocabularySizes: readonly number[];
  /** Hash of the file with LF line endings. One published copy of the World vocabulary has CRLF. */
  readonly sha256: string;
}

/** 65,529 entries, id 0 for the end of a text, and six unused ids. */
export const world: PublishedVocabulary = {
  fileName: "rwkv_vocab_v20230424.txt",
  name: "the World vocabulary",
  origin: "it comes with RWKV-LM and with the pip package rwkv",
  vocabularySizes: [65_536],
  sha256: "e6dee3d4e31b4d5c40ac99508ac6c701ceef4bed681bf2167ce9a908552bca89",
};

/** The tokenizer of GPT-NeoX-20B, with which RWKV-4-Pile and RWKV-7-Pile were trained. */
const twentyB: PublishedVocabulary = {
  fileName: "20B_tokenizer.json",
  name: "the tokenizer of Pile models",
  origin: "it comes with RWKV-LM and with ChatRWKV",
  vocabularySizes: [50_277, 50_304],
  sha256: "56ac4821e129d2c520fdaba60abd920fa852ada51b45c0dd52bbb6bd8c985ade",
};

/** The vocabulary of published models with this many token ids; undefined if there are no such models. */
export function publishedVocabulary(vocabularySize: number): PublishedVocabulary | undefined {
  return [world, twentyB].find(({ vocabularySizes }) => vocabularySizes.includes(vocabularySize));
}

/** The text of a vocabulary file with LF line endings. */
export function withLineFeeds(text: Buffer): Buffer {
  // Latin-1 maps each byte to one character, so everything but the line endings is preserved.
  return text.includes("\r\n") ? Buffer.from(text.toString("latin1").replaceAll("\r\n", "\n"), "latin1") : text;
}

/** True if a text is the published file. @param text with LF line endings. */
export function isPublished({ sha256 }: PublishedVocabulary, text: Buffer): boolean {
  return createHash("sha256").update(text).digest("hex") === sha256;
}
