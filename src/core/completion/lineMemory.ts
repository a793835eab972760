import type { OpenDocument } from "../document/openDocument.js";
import type { Model, TextSentinels, TokenId, Tokenizer } from "../model.js";

/** What is kept for the line the cursor is on. */
export interface LineMemory {
  readonly line: number;
  /** Tokens below the line as they were when the cursor came to it; none where the prompt is to be without. */
  readonly suffix: readonly TokenId[];
  /** How much of the prefix is read behind the suffix at the most, where the suffix is read first. */
  readonly mostWindowTokens: number;
}

const mostSuffixTokens = 128;
const mostWindowTokens = 256;
/** What a run of a whole chunk takes at the most (model.chunkTokens is chosen so). */
const chunkMs = 30;

/** At most a third of the time budget goes into the suffix, and another into a window that is read behind it. */
export function lineMemoryAt(
  document: OpenDocument,
  line: number,
  { prompt, tokenizer, chunkTokens }: Pick<Model, "prompt" | "tokenizer" | "chunkTokens">,
  timeBudgetMs: number,
): LineMemory {
  const affordable = prompt.form === "prefix" ? 0 : Math.floor(timeBudgetMs / 3 / chunkMs) * chunkTokens;
  const suffix = suffixTokens(document, line, tokenizer, Math.min(mostSuffixTokens, affordable));
  const { textSentinels } = prompt;
  const isWithout = textSentinels !== undefined && (isBlank(suffix, tokenizer) || holdsMark(document, textSentinels));
  return { line, suffix: isWithout ? [] : suffix, mostWindowTokens: Math.min(mostWindowTokens, affordable) };
}

/** The suffix of a line: from the line end that ends it, at most `maxTokens` tokens. */
function suffixTokens(document: OpenDocument, line: number, tokenizer: Tokenizer, maxTokens: number): TokenId[] {
  const { bytes } = document.tokens;
  const from = document.lineEnd(line);
  const tokens: TokenId[] = [];
  for (let at = from; at < bytes.length && tokens.length < maxTokens;) {
    for (const { token, byteLength } of tokenizer.pieceAt(bytes, at, bytes.length)) {
      tokens.push(token);
      at += byteLength;
    }
  }
  return tokens.slice(0, maxTokens);
}

function isBlank(tokens: readonly TokenId[], tokenizer: Tokenizer): boolean {
  return tokens.every((token) => tokenizer.bytesOf(token).every((byte) => byte <= 32));
}

/** True where the document's own text might be taken for a sentinel. */
function holdsMark(document: OpenDocument, { mark }: TextSentinels): boolean {
  const { buffer, byteOffset, byteLength } = document.tokens.bytes;
  return Buffer.from(buffer, byteOffset, byteLength).includes(mark);
}
