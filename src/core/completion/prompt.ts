import type { OpenDocument } from "../document/openDocument.js";
import type { TokenChain } from "../document/tokenChain.js";
import type { PromptFormat, TokenId, Tokenizer } from "../model.js";
import { heal, tokenise } from "./healing.js";

/**
 * All tokens the model reads for one request, in three stretches by how long they hold: `base` for as long as the text
 * above the line, `tail` for as long as the cursor stays on the line, `typed` until the next key.
 */
export interface Prompt {
  /** How many tokens of the running document the prompt begins with. */
  readonly base: number;
  /** Read after the base; the state behind it is kept for the line. */
  readonly tail: readonly TokenId[];
  readonly typed: readonly TokenId[];
  /** The bytes that the first decoded tokens must spell (token healing). */
  readonly required: Uint8Array;
}

/** Where a completion is asked for. Text is normalised. */
export interface PromptPlace {
  readonly document: OpenDocument;
  readonly line: number;
  /** The line's bytes before the cursor, as they should be read (an IntelliSense entry may stand in for typed text). */
  readonly typed: Uint8Array;
  /** Tokens of the suffix, frozen for the line; empty for the prefix form. */
  readonly suffix: readonly TokenId[];
}

export function buildPrompt(place: PromptPlace, tokenizer: Tokenizer, format: PromptFormat): Prompt {
  // Only the text before a line is behind checkpoints in the line-aligned form: a line that is long itself must not be.
  const isLineAligned = format.form === "prefix-suffix-middle" && place.typed.length <= longLineBytes;
  return isLineAligned ? lineAlignedPrompt(place, tokenizer, format) : prefixPrompt(place, tokenizer);
}

/** From here on a line is anchored within itself, at every so many bytes. */
const longLineBytes = 512;
const anchorBytes = 256;

/**
 * The text up to the cursor, tokenised as the model saw text in training: pieces such as `;\n    ` stay whole across the
 * line's start. The base ends where other tokens could follow if another text stood behind the anchor (the line's start, or
 * a place within a long line), so it holds whatever is typed there.
 */
function prefixPrompt(place: PromptPlace, tokenizer: Tokenizer): Prompt {
  const { document, line, typed } = place;
  const text = document.tokens;
  const anchored = anchorIn(place);
  const anchor = document.lineStart(line) + anchored;
  const base = text.tokensSettledBy(anchor);
  const before = text.bytes.subarray(text.startOf(base), anchor);
  const bytes = new Uint8Array(before.length + typed.length - anchored);
  bytes.set(before);
  bytes.set(typed.subarray(anchored), before.length);
  const healed = heal(tokenizer, bytes, 0, bytes.length);
  return { base, tail: [], typed: healed.tokens, required: healed.required };
}

/** How many bytes of a line are taken as the document has them; 0 for a line of usual length. */
function anchorIn({ document, line, typed }: PromptPlace): number {
  if (typed.length <= longLineBytes) return 0;
  const own = document.tokens.bytes.subarray(document.lineStart(line), document.lineEnd(line));
  let same = 0;
  while (same < typed.length && typed[same] === own[same]) same++;
  return Math.max(0, Math.floor(same / anchorBytes) - 1) * anchorBytes;
}

/** `prefix up to the last line end <suffix> suffix <middle> current line`, TRAINING.md "Document format". */
function lineAlignedPrompt(place: PromptPlace, tokenizer: Tokenizer, format: PromptFormat): Prompt {
  const { document, line, typed } = place;
  const text = document.tokens;
  const lineStart = document.lineStart(line);
  const base = text.tokensEndingBy(lineStart);
  const rest = tokenise(tokenizer, text.bytes, text.startOf(base), lineStart);
  const healed = heal(tokenizer, typed, 0, typed.length);
  return {
    base,
    tail: [...rest, ...sentinel(format.suffix), ...place.suffix, ...sentinel(format.middle)],
    typed: healed.tokens,
    required: healed.required,
  };
}

function sentinel(token: TokenId | undefined): TokenId[] {
  return token === undefined ? [] : [token];
}

const mostSuffixTokens = 128;
/** What a run of a whole chunk takes at the most (model.chunkTokens is chosen so). */
const chunkMs = 30;

/** How many tokens of suffix may be read for a line: at most a third of the time budget goes into them. */
export function suffixTokensWithin(timeBudgetMs: number, chunkTokens: number): number {
  return Math.min(mostSuffixTokens, Math.floor(timeBudgetMs / 3 / chunkMs) * chunkTokens);
}

/** The suffix of a line: from the line end that ends it, at most `maxTokens` tokens. */
export function suffixTokens(
  document: OpenDocument,
  line: number,
  tokenizer: Tokenizer,
  maxTokens: number,
): readonly TokenId[] {
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

/** The identity behind the prompt's tail, on top of a base that begins with `chain`. */
export function chainWithTail(chain: TokenChain, tail: readonly TokenId[]): TokenChain {
  const whole = chain.copy();
  whole.push(tail);
  return whole;
}
