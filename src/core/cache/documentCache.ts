import type { TokenizedText } from "../document/tokenizedText.js";
import type { TokenId } from "../model.js";

/** Each token more that agrees makes a place three times as telling; a place this far from the cursor counts half. */
const halvingTokens = 1024;
/** How far on each side of the cursor's line the document is searched: about 6,000 lines. */
const reachTokens = 32_768;

/** What followed elsewhere in the document where the same tokens stood before. */
export interface CacheGuess {
  /** Tokens in a row that agree with what was read last, at the place where most do. */
  readonly longest: number;
  /** Places that agree in at least `leastMatch` tokens. */
  readonly places: number;
  /** What followed there: shares that sum to 1. */
  readonly shares: ReadonlyMap<TokenId, number>;
}

/** Tokens that must agree for a place to count, and how many are looked at. */
export const leastMatch = 2;
export const mostMatch = 16;

/**
 * The document around the cursor as a source of next tokens. It is scanned, not indexed: that takes a small part of a
 * run, needs no memory, and no edit has to be told to it.
 */
export class DocumentCache {
  readonly #text: TokenizedText;
  readonly #edits: number;
  readonly #excludedFrom: number;
  readonly #excludedTo: number;

  /** @param excluded tokens [from, to) that are not a source: the cursor's own line. */
  constructor(text: TokenizedText, excluded: { readonly from: number; readonly to: number }) {
    this.#text = text;
    this.#edits = text.edits;
    this.#excludedFrom = excluded.from;
    this.#excludedTo = excluded.to;
  }

  /** What followed the last of these tokens elsewhere; undefined where nothing did, or the text changed meanwhile. */
  guess(read: readonly TokenId[]): CacheGuess | undefined {
    const last = read.at(-1);
    const before = read.at(-2);
    if (last === undefined || before === undefined || this.#text.edits !== this.#edits) return undefined;
    const begin = Math.max(0, this.#excludedFrom - reachTokens);
    const tokens = this.#text.tokenView.subarray(begin, this.#excludedTo + reachTokens);
    const excludedFrom = this.#excludedFrom - begin;
    const excludedTo = this.#excludedTo - begin;
    const weights = new Map<TokenId, number>();
    let longest = 0;
    let places = 0;
    let sum = 0;
    for (let i = tokens.indexOf(last, 1); i >= 0 && i + 1 < tokens.length; i = tokens.indexOf(last, i + 1)) {
      if (tokens[i - 1] !== before) continue;
      if (i + 1 >= excludedFrom && i < excludedTo) continue;
      const match = matchLength(tokens, i, read);
      const next = tokens[i + 1] as TokenId; // every entry came from the tokenizer
      const weight = 3 ** match / (1 + Math.abs(i - excludedFrom) / halvingTokens);
      weights.set(next, (weights.get(next) ?? 0) + weight);
      sum += weight;
      places++;
      if (match > longest) longest = match;
    }
    if (places === 0) return undefined;
    for (const [token, weight] of weights) weights.set(token, weight / sum);
    return { longest, places, shares: weights };
  }
}

/** How many tokens up to and including `at` agree with the last ones read. */
function matchLength(tokens: Uint32Array, at: number, read: readonly TokenId[]): number {
  const most = Math.min(mostMatch, read.length, at + 1);
  let length = leastMatch;
  while (length < most && tokens[at - length] === read[read.length - 1 - length]) length++;
  return length;
}
