import type { TokenizedText } from "../tokens/tokenizedText.js";
import type { TokenId } from "../model.js";
import { PredictionBuilder, type NgramPrediction, maxUnigramDistance } from "./ngramPrediction.js";

/** How far the document is searched on each side of the cursor's line: a few thousand lines. */
const searchRadiusTokens = 32_768;
/** A match in another document is weighed as if it were at this distance. */
const neighborDistanceTokens = maxUnigramDistance;
/** How far another document is searched on each side of the last cursor position in it. */
const neighborSearchRadiusTokens = 8192;
export const maxNeighbors = 4;

/** Another open document. `cursorToken` is the number of tokens before the last cursor position in it. */
export interface Neighbor {
  readonly text: TokenizedText;
  readonly cursorToken: number;
  /** Tokens before this one are not searched; 0 if absent. */
  readonly fromToken?: number;
}

/** A source of matches besides the open documents: the other files of the workspace. */
export interface MatchSource {
  /**
   * Visits matches of the last tokens of `read`: the token that follows the match, the match's length and its weight.
   */
  forEachMatch(read: readonly TokenId[], visit: (next: number, matchLength: number, weight: number) => void): void;
}

/** Maximum length of a match. */
export const maxMatchTokens = 16;

/**
 * Predicts next tokens from n-grams in the document, in other open documents and in the workspace. The documents'
 * tokens are copied at construction, so edits during decoding have no effect. They are searched linearly: that takes
 * less time than a model run, and there is no index to update after edits.
 */
export class DocumentNgrams {
  readonly #tokens: Uint32Array;
  /** `#tokens` from `#from` to `#to` (exclusive) are the cursor's line, which is not used as a source. */
  readonly #from: number;
  readonly #to: number;
  readonly #others: readonly Uint32Array[];
  readonly #workspace: MatchSource | undefined;

  /** @param excluded the token range [from, to) of the cursor's line, which is not used as a source. */
  constructor(
    text: TokenizedText,
    excluded: { readonly from: number; readonly to: number },
    neighbors: readonly Neighbor[] = [],
    workspace?: MatchSource,
  ) {
    this.#workspace = workspace;
    const begin = Math.max(0, excluded.from - searchRadiusTokens);
    this.#tokens = text.tokenView.slice(begin, excluded.to + searchRadiusTokens);
    this.#from = excluded.from - begin;
    this.#to = excluded.to - begin;
    this.#others = neighbors.slice(0, maxNeighbors).map(({ text: other, cursorToken, fromToken = 0 }) => {
      const from = Math.max(fromToken, cursorToken - neighborSearchRadiusTokens);
      // The last token is left out, because it might be longer if the text continued.
      return other.tokenView.slice(from, Math.min(cursorToken + neighborSearchRadiusTokens, other.tokenCount - 1));
    });
  }

  /** Predicts the token that follows `read`, from matches of its last tokens; undefined if there is no match. */
  predict(read: readonly TokenId[]): NgramPrediction | undefined {
    const builder = new PredictionBuilder();
    forEachMatch(this.#tokens, read, (at, match) => {
      if (at + 1 >= this.#from && at < this.#to) return;
      builder.add(this.#tokens[at + 1], match, Math.abs(at - this.#from));
    });
    for (const other of this.#others) {
      forEachMatch(other, read, (at, match) => {
        builder.add(other[at + 1], match, neighborDistanceTokens);
      });
    }
    this.#workspace?.forEachMatch(read, (next, match, weight) => {
      builder.addFromWorkspace(next, match, weight);
    });
    return builder.build();
  }
}

/**
 * Visits each match of the last tokens read, unless it is at the end of `tokens`. `at`: index of the match's last
 * token.
 */
function forEachMatch(
  tokens: Uint32Array,
  read: readonly TokenId[],
  visit: (at: number, matchLength: number) => void,
): void {
  const last = read.at(-1) ?? -1;
  for (let at = tokens.indexOf(last); at !== -1 && at + 1 < tokens.length; at = tokens.indexOf(last, at + 1)) {
    visit(at, matchLength(tokens, at, read));
  }
}

/** The length of the match that ends at `at`, at most `maxMatchTokens`. The token at `at` equals the last one read. */
function matchLength(tokens: Uint32Array, at: number, read: readonly TokenId[]): number {
  const max = Math.min(maxMatchTokens, read.length, at + 1);
  let length = 1;
  while (length < max && tokens[at - length] === read[read.length - 1 - length]) length++;
  return length;
}
