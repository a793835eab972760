import type { Correctness, CorrectnessFeature } from "../calibration.js";
import type { NextToken } from "./distribution.js";
import { expectedCorrectness, TextEvidence } from "./expectedCorrectness.js";

/** A position at which a decoded text may end (see `isTextEnd`). */
export interface TextEnd {
  /** Length of the text before this position, in UTF-16 code units. */
  readonly units: number;
  /** Expected correctness of the text up to this position. */
  readonly chance: number;
  /** The features from which `chance` was computed. */
  readonly features: Readonly<Record<CorrectnessFeature, number>>;
  /** True if the line ends here. */
  readonly isLineEnd: boolean;
}

/**
 * Follows a text while it is decoded, and collects the positions at which it may end, with the expected correctness of
 * each.
 */
export class TextEnds {
  readonly #correctness: Correctness | undefined;
  readonly #evidence = new TextEvidence();
  readonly #ends: TextEnd[] = [];
  /** The start of the last token, in UTF-16 code units, and the estimates without and with that token. */
  #units = 0;
  #before: Estimate | undefined;
  #now: Estimate | undefined;

  /** @param correctness undefined without a calibration; then nothing is estimated. */
  constructor(correctness: Correctness | undefined) {
    this.#correctness = correctness;
  }

  /** Expected correctness of the text so far; undefined if it cannot be estimated. */
  get chance(): number | undefined {
    return this.#now?.chance;
  }

  /** @param text the text including the token, which starts at `units`. */
  add(token: NextToken, text: string, units: number): void {
    if (this.#correctness === undefined) return;
    this.#before = this.#now;
    this.#units = units;
    if (this.#before !== undefined && isTextEnd(text, units)) {
      this.#ends.push({ units, ...this.#before, isLineEnd: text.startsWith("\n", units) });
    }
    this.#evidence.add(token);
    const features = this.#evidence.features(text);
    this.#now = { features, chance: expectedCorrectness(this.#correctness, features) };
    // A token may contain the end of a line in its middle or at its end: `;\n`.
    const lineEnd = text.indexOf("\n", units + 1);
    if (lineEnd !== -1) this.#ends.push({ units: lineEnd, ...this.#now, isLineEnd: true });
  }

  /**
   * The ends so far, and the end of the text itself if `units` is given.
   * @param units the length of the text if a stop rule or the model ended it; otherwise undefined.
   */
  finished(units: number | undefined): readonly TextEnd[] | undefined {
    if (this.#correctness === undefined) return undefined;
    if (units === undefined || units === 0) return this.#ends;
    const last = this.#units < units ? this.#now : this.#before;
    if (last === undefined) return this.#ends;
    return [...this.#ends.filter((end) => end.units < units), { units, ...last, isLineEnd: true }];
  }
}

type Estimate = Pick<TextEnd, "chance" | "features">;

/**
 * True if a text may be cut at this position inside it. It must not be cut within a word, and below its first line it
 * may be cut only at the end of a line.
 */
export function isTextEnd(text: string, units: number): boolean {
  const isWord = (at: number): boolean => /[\p{L}\p{N}_$]/u.test(text.charAt(at));
  if (units <= 0 || units >= text.length || (isWord(units - 1) && isWord(units))) return false;
  return text.startsWith("\n", units) || text.lastIndexOf("\n", units) <= 0;
}
