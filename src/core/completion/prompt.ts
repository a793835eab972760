import { includesText } from "../tokens/includesText.js";
import type { OpenDocument } from "../tokens/openDocument.js";
import type { TokenPrefix } from "../tokens/tokenPrefix.js";
import type { PromptFormat, TextSentinels, TokenId, Tokenizer } from "../model.js";
import { heal, tokenize } from "../tokens/healing.js";
import type { FrozenSuffix } from "./frozenSuffix.js";

/**
 * The tokens to read for one request, in parts by how long each stays valid: `linePrefix` changes with every keystroke,
 * `baseTokens` only with the text above.
 */
export interface Prompt {
  /** The number of document tokens with which the prompt begins. */
  readonly baseTokens: number;
  /** The suffix between its sentinels, if it is read before a window of the prefix; empty in the other forms. */
  readonly suffix: readonly TokenId[];
  /** Read just before the line prefix. The state after it is kept while the cursor stays on the line. */
  readonly tail: readonly TokenId[];
  readonly linePrefix: readonly TokenId[];
  /** The bytes that the first decoded tokens must spell (token healing). */
  readonly forcedBytes: Uint8Array;
  /** The number of document tokens before the line prefix. */
  readonly cursorToken: number;
  /**
   * The text with which every sentinel begins, if the prompt contains sentinels as text. A completion ends before it.
   */
  readonly sentinelPrefix: string | undefined;
}

/** The inputs from which a prompt is built. Text is normalized. */
export interface PromptContext extends FrozenSuffix {
  readonly document: OpenDocument;
  /**
   * The line's bytes before the cursor, with a selected IntelliSense entry instead of the text that it would replace.
   */
  readonly linePrefix: Uint8Array;
}

export function buildPrompt(context: PromptContext, tokenizer: Tokenizer, format: PromptFormat): Prompt {
  const { form, textSentinels } = format;
  // A long line must not be read at every keystroke, so its prompt has an anchor within the line, and no suffix.
  if (context.linePrefix.length > maxLineAlignedBytes) return prefixPrompt(context, tokenizer);
  if (form === "prefix-suffix-middle") return lineAlignedPrompt(context, tokenizer, format);
  const prompt = prefixPrompt(context, tokenizer);
  const isWithSuffix = textSentinels !== undefined && context.suffix.length > 0;
  // The text was searched for sentinels when the suffix was frozen, but not the text typed on this line since.
  if (!isWithSuffix || includesText(context.linePrefix, textSentinels.sentinelPrefix)) return prompt;
  return suffixFirstPrompt(prompt, context, tokenizer, textSentinels);
}

/** In a line longer than this, the anchor (see `prefixPrompt`) is at a multiple of `anchorBytes` bytes. */
const maxLineAlignedBytes = 512;
const anchorBytes = 256;

/**
 * The text up to the cursor, tokenized as in training: tokens such as `;\n    ` stay whole across the line's start. The
 * base contains only tokens that do not depend on the text after the anchor (the line's start, or a position within a
 * long line), so it stays valid whatever is typed after the anchor.
 */
function prefixPrompt(context: PromptContext, tokenizer: Tokenizer): Prompt {
  const { document, line, linePrefix } = context;
  const text = document.tokens;
  const anchorBytesInLine = anchorInLine(context);
  const anchor = document.lineStart(line) + anchorBytesInLine;
  const base = text.stableTokensBefore(anchor);
  const before = text.bytes.subarray(text.startOf(base), anchor);
  const bytes = new Uint8Array(before.length + linePrefix.length - anchorBytesInLine);
  bytes.set(before);
  bytes.set(linePrefix.subarray(anchorBytesInLine), before.length);
  const { tokens, forcedBytes } = heal(tokenizer, bytes, 0, bytes.length);
  return {
    baseTokens: base,
    suffix: [],
    tail: [],
    linePrefix: tokens,
    forcedBytes,
    cursorToken: base,
    sentinelPrefix: undefined,
  };
}

/**
 * The anchor's offset in the line, in bytes; 0 in a short line. Up to the anchor the line prefix equals the document's
 * line.
 */
function anchorInLine({ document, line, linePrefix }: PromptContext): number {
  if (linePrefix.length <= maxLineAlignedBytes) return 0;
  const documentLine = document.tokens.bytes.subarray(document.lineStart(line), document.lineEnd(line));
  let same = 0;
  while (same < linePrefix.length && linePrefix[same] === documentLine[same]) same++;
  return Math.max(0, Math.floor(same / anchorBytes) - 1) * anchorBytes;
}

/** `prefix up to the last newline <suffix> suffix <middle> current line`, docs/RWKV.md §12. */
function lineAlignedPrompt(context: PromptContext, tokenizer: Tokenizer, format: PromptFormat): Prompt {
  const { document, line, linePrefix } = context;
  const text = document.tokens;
  const lineStart = document.lineStart(line);
  const base = text.tokensEndingBy(lineStart);
  const unstableTokens = tokenize(tokenizer, text.bytes, text.startOf(base), lineStart);
  const healed = heal(tokenizer, linePrefix, 0, linePrefix.length);
  return {
    baseTokens: base,
    suffix: [],
    tail: [...unstableTokens, ...sentinel(format.suffix), ...context.suffix, ...sentinel(format.middle)],
    linePrefix: healed.tokens,
    forcedBytes: healed.forcedBytes,
    cursorToken: base,
    sentinelPrefix: undefined,
  };
}

function sentinel(token: TokenId | undefined): TokenId[] {
  return token === undefined ? [] : [token];
}

/**
 * `document up to the window ✿prefix✿✿suffix✿ suffix ✿middle✿ window, current line`: the prefix form with the suffix
 * inserted before the window. The model has the state of all text above, gets the window as the prefix that it expects
 * there, and reads each token of the document once.
 */
function suffixFirstPrompt(
  prompt: Prompt,
  { document, suffix, maxWindowTokens }: PromptContext,
  tokenizer: Tokenizer,
  sentinels: TextSentinels,
): Prompt {
  const base = windowStart(document, prompt.baseTokens, maxWindowTokens);
  const text = (sentinel: string): TokenId[] => {
    const bytes = new TextEncoder().encode(sentinel);
    return tokenize(tokenizer, bytes, 0, bytes.length);
  };
  return {
    ...prompt,
    baseTokens: base,
    suffix: [...text(sentinels.prefix), ...text(sentinels.suffix), ...suffix, ...text(sentinels.middle)],
    tail: document.tokens.tokens(base, prompt.baseTokens),
    sentinelPrefix: sentinels.sentinelPrefix,
  };
}

/**
 * The number of tokens before the window that ends at `end`. The window's start moves in steps of half of `maxTokens`,
 * so that it often stays the same. It is at the start of a line if there is one in the window, and never within the
 * header.
 */
function windowStart(document: OpenDocument, end: number, maxTokens: number): number {
  const text = document.tokens;
  const step = Math.max(1, Math.ceil(maxTokens / 2));
  const header = document.headerTokens;
  const from = Math.max(0, Math.ceil((end - maxTokens) / step)) * step;
  if (from <= header) return Math.min(header, end);
  const lineEnd = text.bytes.indexOf(10, text.startOf(from) - 1);
  const lineStart = lineEnd === -1 ? end : text.tokensEndingBy(lineEnd + 1);
  return lineStart < end ? lineStart : from;
}

/** A copy of a token prefix, extended by more tokens. */
export function extendPrefix(prefix: TokenPrefix, tail: readonly TokenId[]): TokenPrefix {
  const extended = prefix.copy();
  extended.push(tail);
  return extended;
}
