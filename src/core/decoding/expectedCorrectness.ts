import type { Correctness, CorrectnessFeature } from "../calibration.js";
import type { NextToken } from "./distribution.js";

/** A token's probability from the model alone counts as at least this. */
const minModelProbability = 0.006;
/** Maximum absolute value of log odds; beyond it, probabilities are not informative. */
const maxLogOdds = 9;

/** Collects, token by token, the features from which a text's expected correctness is computed. */
export class TextEvidence {
  #sum = 0;
  #least = 0;
  #model = 0;
  #tokens = 0;

  add({ logProbability, modelProbability = Math.exp(logProbability) }: NextToken): void {
    this.#sum += logProbability;
    this.#least = Math.min(this.#least, logProbability);
    this.#model += Math.log(Math.max(modelProbability, minModelProbability));
    this.#tokens++;
  }

  /** The features of a text that ends within a line. @param text the text that the tokens spell. */
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
      lineEnd: 0,
      lineEndUnits: 0,
    };
  }
}

/** The features of the same text if a line ends after it. */
export function featuresAtLineEnd(
  features: Readonly<Record<CorrectnessFeature, number>>,
): Readonly<Record<CorrectnessFeature, number>> {
  return { ...features, lineEnd: 1, lineEndUnits: features.units };
}

/** The expected correctness of a text: the probability that it is exactly what comes next. */
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

/** True if the text has more opening than closing brackets of some kind. */
export function leavesOpen(text: string): boolean {
  return ["()", "[]", "{}"].some((pair) => count(text, pair.charAt(0)) > count(text, pair.charAt(1)));
}

function count(text: string, char: string): number {
  let found = 0;
  for (let at = text.indexOf(char); at !== -1; at = text.indexOf(char, at + 1)) found++;
  return found;
}

function logOdds(logProbability: number): number {
  const log = Math.min(logProbability, -1e-4);
  return Math.max(-maxLogOdds, Math.min(maxLogOdds, log - Math.log(-Math.expm1(log))));
}
