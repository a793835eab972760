import type { OpenDocument } from "../document/openDocument.js";
import { TokenChain } from "../document/tokenChain.js";
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
  return format.form === "prefix" ? prefixPrompt(place, tokenizer) : lineAlignedPrompt(place, tokenizer, format);
}

/**
 * The text up to the cursor, tokenised as the model saw text in training: pieces such as `;\n    ` stay whole across the
 * line's start. The base ends at the earliest boundary from which an entry could reach past the line's start, so it
 * holds whatever is typed on the line.
 */
function prefixPrompt({ document, line, typed }: PromptPlace, tokenizer: Tokenizer): Prompt {
  const text = document.tokens;
  const lineStart = document.lineStart(line);
  let base = text.tokensEndingBy(Math.max(0, lineStart - tokenizer.maxTokenBytes));
  while (text.startOf(base) < lineStart && !tokenizer.canReachPast(text.bytes, text.startOf(base), lineStart)) base++;
  const from = text.startOf(base);
  const above = text.bytes.subarray(from, lineStart);
  const bytes = new Uint8Array(above.length + typed.length);
  bytes.set(above);
  bytes.set(typed, above.length);
  const healed = heal(tokenizer, bytes, 0, bytes.length);
  return { base, tail: [], typed: healed.tokens, required: healed.required };
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

/** The suffix of a line: from the line end that ends it, at most `maxTokens` tokens. */
export function suffixTokens(
  document: OpenDocument,
  line: number,
  tokenizer: Tokenizer,
  maxTokens: number,
): readonly TokenId[] {
  const { bytes } = document.tokens;
  const from = document.lineEnd(line);
  const to = Math.min(bytes.length, from + maxTokens * tokenizer.maxTokenBytes);
  const tokens: TokenId[] = [];
  for (let at = from; at < to && tokens.length < maxTokens;) {
    const match = tokenizer.longestMatch(bytes, at, to);
    tokens.push(match.token);
    at += match.byteLength;
  }
  return tokens;
}

/** The identity behind the prompt's tail, on top of a base that begins with `chain`. */
export function chainWithTail(chain: TokenChain, tail: readonly TokenId[]): TokenChain {
  const whole = chain.copy();
  whole.push(tail);
  return whole;
}
