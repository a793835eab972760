/**
 * Parameters fitted for one model on source code that it was not trained on (bench/quality), stored in its folder. They
 * weigh the n-gram experts against the model and estimate how likely a completion is correct.
 */
export interface Calibration {
  readonly mixture: Mixture;
  readonly correctness: Correctness;
}

/** The gate's inputs for one n-gram expert. All are known before the next token is chosen. */
export const features = ["longest", "entropy", "agreement", "model", "places"] as const;
/**
 * The names are those of calibration.json.
 * - longest: length in tokens of the expert's longest match
 * - entropy: of the model's distribution, in nats
 * - agreement: the expert's probability of its most likely token
 * - model: the model's probability of that token
 * - places: number of matches that the expert counts
 */
export type Feature = (typeof features)[number];

/** The gate of a mixture of experts: a softmax over scores. The model's score is 0. */
export interface Mixture {
  /**
   * For each feature, the ascending lower bounds of its buckets. A value below the first bound counts as in the first
   * bucket.
   */
  readonly bounds: Readonly<Record<Feature, readonly number[]>>;
  /**
   * For each expert, in the order of ngramPrediction.ts, and each feature: a score per bucket. An expert's score is the
   * sum over the features.
   */
  readonly experts: readonly Readonly<Record<Feature, readonly number[]>>[];
}

/** The inputs for the expected correctness of a decoded text (expectedCorrectness.ts). */
export const correctnessFeatures = [
  "product",
  "sum",
  "least",
  "length",
  "units",
  "model",
  "open",
  "lines",
  "lineEnd",
  "lineEndUnits",
] as const;
/**
 * The names are those of calibration.json.
 * - product: log odds that all tokens are right, from the product of their probabilities, clamped
 * - sum: sum of the tokens' log probabilities
 * - least: the lowest of these log probabilities
 * - length: logarithm of the number of tokens
 * - units: logarithm of the number of UTF-16 code units without trailing whitespace
 * - model: sum of the log probabilities from the model alone, each clamped from below
 * - open: 1 if a bracket is left open
 * - lines: 1 if the trimmed text has more than one line
 * - lineEnd: 1 if a line ends after the text
 * - lineEndUnits: `units` if a line ends after the text, and 0 otherwise
 */
export type CorrectnessFeature = (typeof correctnessFeatures)[number];

/** A logistic function of the features: the probability that a text is exactly what comes next. */
export interface Correctness {
  readonly bias: number;
  /** A feature without a coefficient has no effect. */
  readonly coefficients: Readonly<Partial<Record<CorrectnessFeature, number>>>;
}
