import type { TokenizedText } from "../tokens/tokenizedText.js";
import type { TokenId } from "../model.js";
import { PredictionBuilder, type NgramPrediction, maxUnigramDistance } from "./ngramPrediction.js";

/** How far on each side of the cursor's line the document is searched: about 6,000 lines. */
const searchRadiusTokens = 32_768;
/** A place in another document counts as one this far away. */
const neighborDistanceTokens = maxUnigramDistance;
/** How far on each side of the place where the user last worked another document is searched. */
const neighborSearchRadiusTokens = 8192;
export const maxNeighbors = 4;

/** Another open document, and the tokens before the place where the user last worked in it. */
export interface Neighbor {
  readonly text: TokenizedText;
  readonly cursorToken: number;
}

/** How many of the last tokens are looked at. */
export const maxMatchTokens = 16;

/**
 * The document around the cursor, and other open ones, as a source of next tokens: as they were when it was made, so
 * that text which is put in while it is decoded changes nothing. They are scanned, not indexed: that takes a small part
 * of a run, and no edit has to be told to it.
 */
export class DocumentNgrams {
  readonly #own: Uint32Array;
  /** Of #own, tokens [from, to) that are not a source. */
  readonly #from: number;
  readonly #to: number;
  readonly #others: readonly Uint32Array[];

  /** @param excluded tokens [from, to) that are not a source: the cursor's own line. */
  constructor(
    text: TokenizedText,
    excluded: { readonly from: number; readonly to: number },
    neighbors: readonly Neighbor[] = [],
  ) {
    const begin = Math.max(0, excluded.from - searchRadiusTokens);
    this.#own = text.tokenView.slice(begin, excluded.to + searchRadiusTokens);
    this.#from = excluded.from - begin;
    this.#to = excluded.to - begin;
    this.#others = neighbors.slice(0, maxNeighbors).map(({ text: other, cursorToken }) => {
      const from = Math.max(0, cursorToken - neighborSearchRadiusTokens);
      // Its last token ends with the text, not where a token of more text would end.
      return other.tokenView.slice(from, Math.min(cursorToken + neighborSearchRadiusTokens, other.tokenCount - 1));
    });
  }

  /** What followed the last of these tokens elsewhere; undefined where nothing did. */
  predict(read: readonly TokenId[]): NgramPrediction | undefined {
    const tally = new PredictionBuilder();
    forEachMatch(this.#own, read, (at, match) => {
      if (at + 1 >= this.#from && at < this.#to) return;
      tally.add(this.#own[at + 1], match, Math.abs(at - this.#from));
    });
    for (const other of this.#others) {
      forEachMatch(other, read, (at, match) => {
        tally.add(other[at + 1], match, neighborDistanceTokens);
      });
    }
    return tally.build();
  }
}

/** Each place in `tokens` that something follows and whose last token is the last one read, and how many tokens agree. */
function forEachMatch(
  tokens: Uint32Array,
  read: readonly TokenId[],
  visit: (at: number, matchLength: number) => void,
): void {
  const last = read.at(-1) ?? -1;
  for (let at = tokens.indexOf(last); at >= 0 && at + 1 < tokens.length; at = tokens.indexOf(last, at + 1)) {
    visit(at, matchLength(tokens, at, read));
  }
}

/** How many tokens up to and including `at` agree with the last ones read. */
function matchLength(tokens: Uint32Array, at: number, read: readonly TokenId[]): number {
  const max = Math.min(maxMatchTokens, read.length, at + 1);
  let length = 1;
  while (length < max && tokens[at - length] === read[read.length - 1 - length]) length++;
  return length;
}
