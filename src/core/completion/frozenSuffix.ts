import { includesText } from "../tokens/includesText.js";
import type { OpenDocument } from "../tokens/openDocument.js";
import type { Model, TextSentinels, TokenId, Tokenizer } from "../model.js";

/** What is kept for the line the cursor is on. */
export interface FrozenSuffix {
  readonly line: number;
  /** Tokens below the line as they were when the cursor came to it; none where the prompt is to be without. */
  readonly suffix: readonly TokenId[];
  /** How much of the prefix is read behind the suffix at the most, where the suffix is read first. */
  readonly maxWindowTokens: number;
}

const maxSuffixTokens = 128;
const maxWindowTokens = 256;
/** What a run of a whole chunk takes at the most (model.chunkTokens is chosen so). */
const chunkMs = 30;

/** At most a third of the time budget goes into the suffix, and another into a window that is read behind it. */
export function freezeSuffix(
  document: OpenDocument,
  line: number,
  { prompt, tokenizer, chunkTokens }: Pick<Model, "prompt" | "tokenizer" | "chunkTokens">,
  timeBudgetMs: number,
): FrozenSuffix {
  const affordableTokens = prompt.form === "prefix" ? 0 : Math.floor(timeBudgetMs / 3 / chunkMs) * chunkTokens;
  const suffix = suffixTokens(document, line, tokenizer, Math.min(maxSuffixTokens, affordableTokens));
  const { textSentinels } = prompt;
  const isSuffixUnusable =
    textSentinels !== undefined && (isBlank(suffix, tokenizer) || containsSentinelPrefix(document, textSentinels));
  return { line, suffix: isSuffixUnusable ? [] : suffix, maxWindowTokens: Math.min(maxWindowTokens, affordableTokens) };
}

/** The suffix of a line: from the line end that ends it, at most `maxTokens` tokens. */
function suffixTokens(document: OpenDocument, line: number, tokenizer: Tokenizer, maxTokens: number): TokenId[] {
  const { bytes } = document.tokens;
  const from = document.lineEnd(line);
  const tokens: TokenId[] = [];
  for (let at = from; at < bytes.length && tokens.length < maxTokens;) {
    for (const { token, byteLength } of tokenizer.pretokenAt(bytes, at, bytes.length)) {
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
function containsSentinelPrefix(document: OpenDocument, { sentinelPrefix }: TextSentinels): boolean {
  return includesText(document.tokens.bytes, sentinelPrefix);
}
