import { createHash } from "node:crypto";

/** The file that BlinkDL's World models share (RWKV.md §11). It comes with RWKV-LM and with the pip package rwkv. */
export const worldVocabularyName = "rwkv_vocab_v20230424.txt";
/** Of the World models: 65,529 entries, 0 for the end of a text, and six ids that are not used. */
export const worldVocabularySize = 65_536;
/** Of the file with LF line ends; one published copy has CRLF. */
const worldVocabularySha256 = "e6dee3d4e31b4d5c40ac99508ac6c701ceef4bed681bf2167ce9a908552bca89";

/** The text of a vocabulary file with LF line ends. */
export function withLineFeeds(text: Buffer): Buffer {
  // One byte a character: what is not a line end stays as it is.
  return text.includes("\r\n") ? Buffer.from(text.toString("latin1").replaceAll("\r\n", "\n"), "latin1") : text;
}

/** True for the published World vocabulary. @param text with LF line ends. */
export function isWorldVocabulary(text: Buffer): boolean {
  return createHash("sha256").update(text).digest("hex") === worldVocabularySha256;
}
