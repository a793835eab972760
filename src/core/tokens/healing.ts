import type { TokenId, Tokenizer } from "../model.js";

/**
 * A tokenized text. Its end is left untokenized if it may be part of a longer token (token healing, ARCHITECTURE.md).
 */
export interface HealedText {
  /** Tokens up to the earliest token boundary from which some vocabulary entry extends past the end of the text. */
  readonly tokens: readonly TokenId[];
  /** The bytes after that boundary, which the first decoded tokens must spell. */
  readonly forcedBytes: Uint8Array;
}

/** Tokenizes bytes[from, to) with token healing at `to`. @param from a boundary between pretokens. */
export function heal(tokenizer: Tokenizer, bytes: Uint8Array, from: number, to: number): HealedText {
  const tokens: TokenId[] = [];
  for (let at = from; at < to;) {
    for (const { token, byteLength } of tokenizer.pretokenAt(bytes, at, to)) {
      if (tokenizer.canExtendPast(bytes, at, to)) return { tokens, forcedBytes: bytes.slice(at, to) };
      tokens.push(token);
      at += byteLength;
    }
  }
  return { tokens, forcedBytes: new Uint8Array() };
}

/** Tokenizes bytes[from, to) without token healing. */
export function tokenize(tokenizer: Tokenizer, bytes: Uint8Array, from: number, to: number): TokenId[] {
  const tokens: TokenId[] = [];
  for (let at = from; at < to;) {
    for (const { token, byteLength } of tokenizer.pretokenAt(bytes, at, to)) {
      tokens.push(token);
      at += byteLength;
    }
  }
  return tokens;
}
