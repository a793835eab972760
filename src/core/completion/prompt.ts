import { includesText } from "../tokens/includesText.js";
import type { OpenDocument } from "../tokens/openDocument.js";
import type { TokenPrefix } from "../tokens/tokenPrefix.js";
import type { PromptFormat, TextSentinels, TokenId, Tokenizer } from "../model.js";
import { heal, tokenize } from "../tokens/healing.js";
import type { FrozenSuffix } from "./frozenSuffix.js";

/**
 * All tokens the model reads for one request, in stretches by how long they hold: `base` for as long as the text above
 * the line (or above the window), `below` for as long as the text below the line, `tail` for as long as the cursor stays
 * on the line, `typed` until the next key.
 */
export interface Prompt {
  /** How many tokens of the running document the prompt begins with. */
  readonly baseTokens: number;
  /** The suffix between its sentinels, where it is read before a window of the prefix; empty in the other forms. */
  readonly suffix: readonly TokenId[];
  /** Read last before what is typed; the state behind it is kept for the line. */
  readonly tail: readonly TokenId[];
  readonly linePrefix: readonly TokenId[];
  /** The bytes that the first decoded tokens must spell (token healing). */
  readonly forcedBytes: Uint8Array;
  /** How many tokens of the running document lie before `typed`. */
  readonly cursorToken: number;
  /** Text that begins a sentinel, where sentinels are text and the prompt holds some: a completion ends before it. */
  readonly sentinelPrefix: string | undefined;
}

/** Where a completion is asked for. Text is normalised. */
export interface PromptContext extends FrozenSuffix {
  readonly document: OpenDocument;
  /** The line's bytes before the cursor, as they should be read (an IntelliSense entry may stand in for typed text). */
  readonly linePrefix: Uint8Array;
}

export function buildPrompt(context: PromptContext, tokenizer: Tokenizer, format: PromptFormat): Prompt {
  const { form, textSentinels } = format;
  // Only the text before a line is behind checkpoints in the line-aligned forms: a line that is long itself must not be.
  if (context.linePrefix.length > maxLineAlignedBytes) return prefixPrompt(context, tokenizer);
  if (form === "prefix-suffix-middle") return lineAlignedPrompt(context, tokenizer, format);
  const prompt = prefixPrompt(context, tokenizer);
  const isWithSuffix = textSentinels !== undefined && context.suffix.length > 0;
  // Typed on this line, what may be read as a sentinel is not known to the line's memory yet.
  if (!isWithSuffix || includesText(context.linePrefix, textSentinels.sentinelPrefix)) return prompt;
  return suffixFirstPrompt(prompt, context, tokenizer, textSentinels);
}

/** From here on a line is anchored within itself, at every so many bytes. */
const maxLineAlignedBytes = 512;
const anchorBytes = 256;

/**
 * The text up to the cursor, tokenised as the model saw text in training: pieces such as `;\n    ` stay whole across the
 * line's start. The base ends where other tokens could follow if another text stood behind the anchor (the line's start, or
 * a place within a long line), so it holds whatever is typed there.
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

/** How many bytes of a line are taken as the document has them; 0 for a line of usual length. */
function anchorInLine({ document, line, linePrefix }: PromptContext): number {
  if (linePrefix.length <= maxLineAlignedBytes) return 0;
  const documentLine = document.tokens.bytes.subarray(document.lineStart(line), document.lineEnd(line));
  let same = 0;
  while (same < linePrefix.length && linePrefix[same] === documentLine[same]) same++;
  return Math.max(0, Math.floor(same / anchorBytes) - 1) * anchorBytes;
}

/** `prefix up to the last line end <suffix> suffix <middle> current line`, docs/RWKV.md §12. */
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
 * `document up to the window ✿prefix✿✿suffix✿ suffix ✿middle✿ window, current line`: the prefix form with the suffix put
 * in where the window begins. Behind the state of all the text above, the window stands for the prefix that the model
 * expects there, and each token of the document is read once.
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
 * How many tokens lie before the window that ends at `end`: it begins at the first line's start behind a token that stays
 * the same while `end` moves by half of `most`; at that token itself where the line goes on to `end`.
 */
function windowStart(document: OpenDocument, end: number, maxTokens: number): number {
  const text = document.tokens;
  const step = Math.max(1, Math.ceil(maxTokens / 2));
  const header = document.headerTokens;
  const from = Math.max(0, Math.ceil((end - maxTokens) / step)) * step;
  if (from <= header) return Math.min(header, end);
  const lineEnd = text.bytes.indexOf(10, text.startOf(from) - 1);
  const lineStart = lineEnd < 0 ? end : text.tokensEndingBy(lineEnd + 1);
  return lineStart < end ? lineStart : from;
}

/** The identity behind the prompt's tail, on top of a base that begins with `chain`. */
export function extendPrefix(prefix: TokenPrefix, tail: readonly TokenId[]): TokenPrefix {
  const extended = prefix.copy();
  extended.push(tail);
  return extended;
}
