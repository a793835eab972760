import type { Correctness, CorrectnessFeature } from "../calibration.js";
import type { NextToken } from "./distribution.js";

/** A token that the model alone gives less than this counts as if it gave so much. */
const minModelProbability = 0.006;
/** The logarithm of the odds is kept within ± this: beyond it the probabilities say nothing. */
const maxLogOdds = 9;

/** What the tokens of a text say about whether it is right, token by token. */
export class TextEvidence {
  #sum = 0;
  #least = 0;
  #model = 0;
  #tokens = 0;

  add({ logProbability, evidence }: NextToken): void {
    this.#sum += logProbability;
    this.#least = Math.min(this.#least, logProbability);
    const modelProbability = evidence?.modelProbability ?? Math.exp(logProbability);
    this.#model += Math.log(Math.max(modelProbability, minModelProbability));
    this.#tokens++;
  }

  /** @param text what the tokens spell. */
  features(text: string): Readonly<Record<CorrectnessFeature, number>> {
    return {
      product: logOdds(this.#sum),
      sum: this.#sum,
      least: this.#least,
      length: Math.log(Math.max(1, this.#tokens)),
      units: Math.log(Math.max(1, text.trimEnd().length)),
      model: this.#model,
      open: leavesOpen(text) ? 1 : 0,
      lines: text.trim().includes("\n") ? 1 : 0,
    };
  }
}

/** The chance that a text is exactly what comes next; between 0 and 1. */
export function expectedCorrectness(
  { bias, coefficients }: Correctness,
  features: Readonly<Record<CorrectnessFeature, number>>,
): number {
  let z = bias;
  for (const [feature, coefficient] of Object.entries(coefficients)) {
    z += coefficient * features[feature as CorrectnessFeature]; // the keys of coefficients are features
  }
  return 1 / (1 + Math.exp(-z));
}

/** True if the text opens a bracket and does not close it. */
export function leavesOpen(text: string): boolean {
  return ["()", "[]", "{}"].some((pair) => count(text, pair.charAt(0)) > count(text, pair.charAt(1)));
}

function count(text: string, char: string): number {
  let found = 0;
  for (let at = text.indexOf(char); at >= 0; at = text.indexOf(char, at + 1)) found++;
  return found;
}

function logOdds(logProbability: number): number {
  const log = Math.min(logProbability, -1e-4);
  return Math.max(-maxLogOdds, Math.min(maxLogOdds, log - Math.log(-Math.expm1(log))));
}
