import type { TokenId, Tokenizer } from "../model.js";

/** A stretch of text cut so that no vocabulary entry is torn at its end (token healing, ARCHITECTURE.md). */
export interface HealedText {
  /** Tokens up to the earliest boundary from which an entry reaches past the end. */
  readonly tokens: readonly TokenId[];
  /** The bytes behind that boundary: the first decoded tokens must spell them. */
  readonly forcedBytes: Uint8Array;
}

/** Tokenises bytes[from, to) and heals the cut at `to`. @param from a boundary between pieces. */
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

/** Tokenises bytes[from, to) as such. */
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
