import type { Correctness } from "../calibration.js";

/** What an answer must reach to be shown; a threshold of 0 lets everything through. */
export interface ConfidenceGate {
  /** Undefined where nothing was fitted for the model: then everything passes. */
  readonly correctness: Correctness | undefined;
  readonly threshold: number;
}

/** The chance that a text is exactly what comes next, from the log probabilities of its tokens; between 0 and 1. */
export function expectedCorrectness(correctness: Correctness, logProbabilities: readonly number[]): number {
  const { bias, sum, least, length } = correctness;
  const total = logProbabilities.reduce((a, b) => a + b, 0);
  const z = bias + sum * total + least * Math.min(...logProbabilities) + length * Math.log(logProbabilities.length);
  return 1 / (1 + Math.exp(-z));
}

export function isConfident({ correctness, threshold }: ConfidenceGate, logProbabilities: readonly number[]): boolean {
  if (correctness === undefined || threshold <= 0 || logProbabilities.length === 0) return true;
  return expectedCorrectness(correctness, logProbabilities) >= threshold;
}

/** How sure a text is with one more token. */
export interface ConfidenceStep {
  /** UTF-16 units of the text before the token. */
  readonly units: number;
  readonly correctness: number;
}

/** What a threshold would have left of a text; undefined if it would have left all of it. */
export function partAt(threshold: number, text: string, steps: readonly ConfidenceStep[]): string | undefined {
  const end = steps.find(({ correctness }) => correctness < threshold);
  return end === undefined ? undefined : confidentPart(text, Math.min(end.units, text.length));
}

const minShownUnits = 3;

/**
 * The part of a text that is shown where confidence ended at `units`: of one line whole words, of more than one whole
 * lines; and nothing of fewer than three visible characters.
 */
export function confidentPart(text: string, units: number): string {
  let end = units;
  const isWord = (at: number): boolean => /[\p{L}\p{N}_$]/u.test(text.charAt(at));
  while (end > 0 && end < text.length && isWord(end - 1) && isWord(end)) end--;
  const lastLine = text.lastIndexOf("\n", end - 1);
  const isLineWhole = text.startsWith("\n", end);
  const part = text.slice(0, lastLine > 0 && !isLineWhole ? lastLine : end).trimEnd();
  return part.trim().length < minShownUnits ? "" : part;
}

/** The part of a text that something else than its end cut off: without a word or a line that may go on, where more is left. */
export function completePart(text: string): string {
  const lastLine = text.lastIndexOf("\n");
  const part = lastLine > 0 ? text.slice(0, lastLine) : text.replace(/[\p{L}\p{N}_$]+$/u, "").trimEnd();
  return part.trim().length < minShownUnits ? text : part;
}

/** The part of a text before the line, or the sentence, in which it repeated itself: the rest of that is no statement. */
export function beforeRepetition(text: string): string {
  const lastLine = text.lastIndexOf("\n");
  if (lastLine > 0) return text.slice(0, lastLine);
  return /^.*[.!?;](?=\s)/.exec(text)?.[0] ?? "";
}
