/**
 * Parameters fitted for one model on source code that it was not trained on (bench/quality), stored in its folder. They
 * weigh the n-gram experts against the model and estimate how likely a completion is correct.
 */
export interface Calibration {
  readonly mixture: Mixture;
  readonly correctness: Correctness;
}

/** What the gate knows about an n-gram expert before the next token is chosen. */
export const features = ["longest", "entropy", "agreement", "model", "places"] as const;
/**
 * The names are those of calibration.json.
 * - longest: number of tokens that agree at the longest match
 * - entropy: of the model's distribution, in nats
 * - agreement: the expert's probability of its most likely token
 * - model: the model's probability of that token
 * - places: number of matches that the expert counts
 */
export type Feature = (typeof features)[number];

/** The gate of a mixture of experts: a softmax over scores. The model's score is 0. */
export interface Mixture {
  /** For each feature, the ascending lower bounds of its buckets. A lower value counts as in the first bucket. */
  readonly bounds: Readonly<Record<Feature, readonly number[]>>;
  /**
   * For each expert, in the order of ngramPrediction.ts, and each feature: a score per bucket. An expert's score is the
   * sum over the features.
   */
  readonly experts: readonly Readonly<Record<Feature, readonly number[]>>[];
}

/** Coefficients of the logistic function for the expected correctness. The names are those of calibration.json. */
export interface Correctness {
  readonly bias: number;
  /** Coefficient of the sum of the tokens' log probabilities. */
  readonly sum: number;
  /** Coefficient of the lowest log probability. */
  readonly least: number;
  /** Coefficient of the logarithm of the number of tokens. */
  readonly length: number;
}
