import type { TokenizedText } from "../document/tokenizedText.js";
import type { TokenId } from "../model.js";

/** Each token more that agrees makes a place three times as telling; a place this far from the cursor counts half. */
const halvingTokens = 1024;
/** How far on each side of the cursor's line the document is searched: about 6,000 lines. */
const reachTokens = 32_768;
/** A place in another document counts as one this far away. */
const neighbourDistance = 4096;
/** How far on each side of the place where the user last worked another document is searched. */
const neighbourReachTokens = 8192;
export const mostNeighbours = 4;

/** What followed elsewhere in the document where the same tokens stood before. */
export interface CacheGuess {
  /** Tokens in a row that agree with what was read last, at the place where most do. */
  readonly longest: number;
  /** Places that agree in at least `leastMatch` tokens. */
  readonly places: number;
  /** What followed there: shares that sum to 1. */
  readonly shares: ReadonlyMap<TokenId, number>;
}

/** Another open document, and the tokens before the place where the user last worked in it. */
export interface Neighbour {
  readonly text: TokenizedText;
  readonly cursor: number;
}

/** Tokens that must agree for a place to count, and how many are looked at. */
export const leastMatch = 2;
export const mostMatch = 16;

/**
 * The document around the cursor, and other open ones, as a source of next tokens. They are scanned, not indexed: that
 * takes a small part of a run, needs no memory, and no edit has to be told to it.
 */
export class DocumentCache {
  readonly #text: TokenizedText;
  readonly #edits: number;
  readonly #excludedFrom: number;
  readonly #excludedTo: number;
  readonly #neighbours: readonly Neighbour[];

  /** @param excluded tokens [from, to) that are not a source: the cursor's own line. */
  constructor(
    text: TokenizedText,
    excluded: { readonly from: number; readonly to: number },
    neighbours: readonly Neighbour[] = [],
  ) {
    this.#text = text;
    this.#edits = text.edits;
    this.#excludedFrom = excluded.from;
    this.#excludedTo = excluded.to;
    this.#neighbours = neighbours.slice(0, mostNeighbours);
  }

  /** What followed the last of these tokens elsewhere; undefined where nothing did, or the text changed meanwhile. */
  guess(read: readonly TokenId[]): CacheGuess | undefined {
    if (read.length < leastMatch || this.#text.edits !== this.#edits) return undefined;
    const tally = new Tally();
    const begin = Math.max(0, this.#excludedFrom - reachTokens);
    const excludedFrom = this.#excludedFrom - begin;
    const excludedTo = this.#excludedTo - begin;
    const own = this.#text.tokenView.subarray(begin, this.#excludedTo + reachTokens);
    forEachPlace(own, read, (at, match) => {
      if (at + 1 >= excludedFrom && at < excludedTo) return;
      tally.add(own[at + 1], match, Math.abs(at - excludedFrom));
    });
    for (const { text, cursor } of this.#neighbours) {
      const from = Math.max(0, cursor - neighbourReachTokens);
      // Its last token ends with the text, not where a token of more text would end.
      const other = text.tokenView.subarray(from, Math.min(cursor + neighbourReachTokens, text.tokenCount - 1));
      forEachPlace(other, read, (at, match) => {
        tally.add(other[at + 1], match, neighbourDistance);
      });
    }
    return tally.guess();
  }
}

/** Weights of what followed, place by place. */
class Tally {
  readonly #weights = new Map<TokenId, number>();
  #longest = 0;
  #places = 0;
  #sum = 0;

  add(next: number | undefined, match: number, distance: number): void {
    const token = next as TokenId; // every entry came from the tokenizer, and a place has something behind it
    const weight = 3 ** match / (1 + distance / halvingTokens);
    this.#weights.set(token, (this.#weights.get(token) ?? 0) + weight);
    this.#sum += weight;
    this.#places++;
    if (match > this.#longest) this.#longest = match;
  }

  guess(): CacheGuess | undefined {
    if (this.#places === 0) return undefined;
    for (const [token, weight] of this.#weights) this.#weights.set(token, weight / this.#sum);
    return { longest: this.#longest, places: this.#places, shares: this.#weights };
  }
}

/** Each place in `tokens` that something follows and whose last tokens are the last ones read, and in how many of them. */
function forEachPlace(
  tokens: Uint32Array,
  read: readonly TokenId[],
  visit: (at: number, matchLength: number) => void,
): void {
  const last = read.at(-1) ?? -1;
  const before = read.at(-2);
  for (let at = tokens.indexOf(last, 1); at >= 0 && at + 1 < tokens.length; at = tokens.indexOf(last, at + 1)) {
    if (tokens[at - 1] === before) visit(at, matchLength(tokens, at, read));
  }
}

/** How many tokens up to and including `at` agree with the last ones read. */
function matchLength(tokens: Uint32Array, at: number, read: readonly TokenId[]): number {
  const most = Math.min(mostMatch, read.length, at + 1);
  let length = leastMatch;
  while (length < most && tokens[at - length] === read[read.length - 1 - length]) length++;
  return length;
}
