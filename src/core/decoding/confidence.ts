import type { Correctness } from "../calibration.js";

/** The expected correctness that a text needs to be shown. A threshold of 0 passes everything. */
export interface ConfidenceGate {
  /** Undefined if the model has no fitted parameters; everything passes then. */
  readonly correctness: Correctness | undefined;
  readonly threshold: number;
}

/**
 * The expected correctness of a text: the probability, between 0 and 1, that it is exactly what comes next.
 * @param logProbabilities natural logarithms of the probabilities of its tokens; at least one.
 */
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

/** The expected correctness after one more token. */
export interface ConfidenceStep {
  /** Length of the text before that token, in UTF-16 units. */
  readonly units: number;
  readonly correctness: number;
}

/** The part of a text that another threshold would show; undefined if it would show all of it. */
export function partAt(threshold: number, text: string, steps: readonly ConfidenceStep[]): string | undefined {
  const end = steps.find(({ correctness }) => correctness < threshold);
  return end === undefined ? undefined : confidentPart(text, Math.min(end.units, text.length));
}

const minShownUnits = 3;

/**
 * The part of a text to show if confidence fell below the threshold at `units`: complete words of a single line, or
 * complete lines of several. A part with fewer than three visible characters is not shown.
 */
export function confidentPart(text: string, units: number): string {
  let end = units;
  const isWord = (at: number): boolean => /[\p{L}\p{N}_$]/u.test(text.charAt(at));
  while (end > 0 && end < text.length && isWord(end - 1) && isWord(end)) end--;
  const lastLine = text.lastIndexOf("\n", end - 1);
  const isLineComplete = text.startsWith("\n", end);
  const part = text.slice(0, lastLine > 0 && !isLineComplete ? lastLine : end).trimEnd();
  return part.trim().length < minShownUnits ? "" : part;
}

/**
 * The complete part of a text that was cut off before its end: without its last line, or without its last word if it
 * has only one line. If too little would remain, the text is returned unchanged.
 */
export function completePart(text: string): string {
  const lastLine = text.lastIndexOf("\n");
  const part = lastLine > 0 ? text.slice(0, lastLine) : text.replace(/[\p{L}\p{N}_$]+$/u, "").trimEnd();
  return part.trim().length < minShownUnits ? text : part;
}

/** The part of a text before the line, or the sentence, in which it began to repeat itself. */
export function beforeRepetition(text: string): string {
  const lastLine = text.lastIndexOf("\n");
  if (lastLine > 0) return text.slice(0, lastLine);
  return /^.*[.!?;](?=\s)/.exec(text)?.[0] ?? "";
}
