import type { Correctness, CorrectnessFeature } from "../calibration.js";
import type { NextToken } from "./distribution.js";
import { expectedCorrectness, featuresAtLineEnd, TextEvidence } from "./expectedCorrectness.js";

/** A position at which a decoded text may end (see `isTextEnd`). */
export interface TextEnd {
  /** Length of the text before this position, in UTF-16 code units. */
  readonly units: number;
  /** Expected correctness of the text up to this position; never higher than that of a shorter text. */
  readonly chance: number;
  /** The features from which `chance` was estimated. */
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

  /**
   * Expected correctness of the text so far, or of the same text at the end of a line if that is higher, because
   * decoding must not stop while the whole line may be likely enough. Undefined if it cannot be estimated.
   */
  get chance(): number | undefined {
    return this.#now && Math.max(this.#now.within.chance, this.#now.atLineEnd.chance);
  }

  /** @param text the text including the token, which starts at `units`. */
  add(token: NextToken, text: string, units: number): void {
    if (this.#correctness === undefined) return;
    this.#before = this.#now;
    this.#units = units;
    if (this.#before !== undefined && isTextEnd(text, units)) {
      this.#ends.push({ units, ...(text.startsWith("\n", units) ? this.#before.atLineEnd : this.#before.within) });
    }
    this.#evidence.add(token);
    this.#now = estimate(this.#correctness, this.#evidence.features(text));
    // A token may contain the end of a line in its middle or at its end: `;\n`.
    const lineEnd = text.indexOf("\n", units + 1);
    if (lineEnd !== -1) this.#ends.push({ units: lineEnd, ...this.#now.atLineEnd });
  }

  /**
   * The ends so far, and the end of the text itself if `units` is given.
   * @param units the length of the text if a stop rule or the model ended it; otherwise undefined.
   */
  finished(units: number | undefined): readonly TextEnd[] | undefined {
    if (this.#correctness === undefined) return undefined;
    const last = this.#units < (units ?? 0) ? this.#now : this.#before;
    if (units === undefined || units === 0 || last === undefined) return consistent(this.#ends);
    return consistent([...this.#ends.filter((end) => end.units < units), { units, ...last.atLineEnd }]);
  }
}

/** The end of a text, both as one within a line and as the end of a line. */
type Estimate = Readonly<Record<"within" | "atLineEnd", Omit<TextEnd, "units">>>;

function estimate(correctness: Correctness, features: TextEnd["features"]): Estimate {
  const endWith = (own: TextEnd["features"], isLineEnd: boolean): Omit<TextEnd, "units"> => {
    return { features: own, chance: expectedCorrectness(correctness, own), isLineEnd };
  };
  return { within: endWith(features, false), atLineEnd: endWith(featuresAtLineEnd(features), true) };
}

/**
 * Changes the estimates so that no text is more likely to be right than the start of it. The estimate for a whole line
 * is the more reliable one, so it also counts for the parts of that line.
 */
function consistent(ends: readonly TextEnd[]): TextEnd[] {
  const chances = ends.map(({ chance }) => chance);
  let wholeLine = 0;
  for (const [i, { chance, isLineEnd }] of [...ends.entries()].reverse()) {
    if (isLineEnd) wholeLine = chance;
    chances[i] = Math.max(chance, wholeLine);
  }
  let shorter = 1;
  return ends.map((end, i) => ({ ...end, chance: (shorter = Math.min(shorter, chances[i] ?? 0)) }));
}

/**
 * True if a text may be cut at this position inside it. It must not be cut within a word, and below its first line it
 * may be cut only at the end of a line.
 */
export function isTextEnd(text: string, units: number): boolean {
  const isWord = (at: number): boolean => /[\p{L}\p{N}_$]/u.test(text.charAt(at));
  if (units <= 0 || units >= text.length || (isWord(units - 1) && isWord(units))) return false;
  return text.startsWith("\n", units) || text.lastIndexOf("\n", units) <= 0;
}
