import { includesText } from "../tokens/includesText.js";
import type { OpenDocument } from "../tokens/openDocument.js";
import type { Model, TextSentinels, TokenId, Tokenizer } from "../model.js";

/** The suffix for the cursor's line. It stays the same while the user types on that line. */
export interface FrozenSuffix {
  readonly line: number;
  /** The first tokens after the line when the suffix was frozen; empty if the prompt has no suffix. */
  readonly suffix: readonly TokenId[];
  /** Maximum length of the window of the prefix that is read after the suffix. */
  readonly maxWindowTokens: number;
}

const maxSuffixTokens = 128;
const maxWindowTokens = 256;
/** About the maximum time for reading a whole chunk; `model.chunkTokens` is chosen accordingly. */
const chunkMs = 30;

/**
 * The suffix for a line. Reading it should take at most a third of the time budget, and so should reading the window
 * after it.
 */
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

/** At most `maxTokens` tokens, starting at the end of a line. */
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

/** True if the document's own text might be taken for a sentinel. */
function containsSentinelPrefix(document: OpenDocument, { sentinelPrefix }: TextSentinels): boolean {
  return includesText(document.tokens.bytes, sentinelPrefix);
}
