import type { Correctness, CorrectnessFeature } from "../calibration.js";
import type { NextToken } from "./distribution.js";
import { expectedCorrectness, TextEvidence } from "./expectedCorrectness.js";

/** A position at which a decoded text may end: after a word, a sign or a line. */
export interface TextEnd {
  /** UTF-16 units of the text before it. */
  readonly units: number;
  /** The chance that the text up to there is exactly what comes next. */
  readonly chance: number;
  /** What the chance was computed from. */
  readonly features: Readonly<Record<CorrectnessFeature, number>>;
  /** True if the line ends there. */
  readonly isLineEnd: boolean;
}

/** Follows a text while it is decoded, and keeps where it may end and how likely it is right up to there. */
export class TextEnds {
  readonly #correctness: Correctness | undefined;
  readonly #evidence = new TextEvidence();
  readonly #ends: TextEnd[] = [];
  /** The start of the last token; the text before it and with it. */
  #units = 0;
  #before: Estimate | undefined;
  #now: Estimate | undefined;

  /** @param correctness undefined if nothing was fitted for the model: then there are no chances. */
  constructor(correctness: Correctness | undefined) {
    this.#correctness = correctness;
  }

  /** The chance of the text so far; undefined if it cannot be told. */
  get chance(): number | undefined {
    return this.#now?.chance;
  }

  /** @param text with the token; `units` of it come before the token. */
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
    // A token may hold the end of a line and what follows it: `;\n`.
    const lineEnd = text.indexOf("\n", Math.max(1, units + 1));
    if (lineEnd >= 0 && lineEnd < text.length) this.#ends.push({ units: lineEnd, ...this.#now, isLineEnd: true });
  }

  /** @param units where the text ends, if a rule or the model ended it there and not a limit. */
  finished(units: number | undefined): readonly TextEnd[] | undefined {
    if (this.#correctness === undefined) return undefined;
    const last = this.#units < (units ?? 0) ? this.#now : this.#before;
    if (units === undefined || units === 0 || last === undefined) return this.#ends;
    return [...this.#ends.filter((end) => end.units < units), { units, ...last, isLineEnd: true }];
  }
}

type Estimate = Pick<TextEnd, "chance" | "features">;

/** True if a text may end at a position: not within a word, and after the first line only at the end of a line. */
export function isTextEnd(text: string, units: number): boolean {
  const isWord = (at: number): boolean => /[\p{L}\p{N}_$]/u.test(text.charAt(at));
  if (units <= 0 || units >= text.length || (isWord(units - 1) && isWord(units))) return false;
  return text.startsWith("\n", units) || text.lastIndexOf("\n", units - 1) <= 0;
}
