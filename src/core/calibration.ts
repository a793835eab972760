/**
 * Numbers that were fitted for one model on source it was not trained on (bench/quality), and lie beside its weights:
 * how far the open document is believed beside the model, and how likely an answer is right.
 */
export interface Calibration {
  readonly mixture: Mixture;
  readonly correctness: Correctness;
}

/** What is known of an expert of the document before the token comes. */
export const features = ["longest", "entropy", "agreement", "model", "places"] as const;
/**
 * longest: tokens that agree at the best place; entropy: the model's, in nats; agreement: the share of the token that the
 * expert expects most; model: the model's probability of that token; places: those that the expert counts.
 */
export type Feature = (typeof features)[number];

/** A gate over the model and the experts of the document (a mixture of experts, softmax of scores; the model's is 0). */
export interface Mixture {
  /** Of each feature the lower bounds of its buckets, ascending; what is below the first falls into the first. */
  readonly bounds: Readonly<Record<Feature, readonly number[]>>;
  /** Of each expert, in the order of ngramPrediction.ts, scores: for each feature one for each bucket. They are added up. */
  readonly experts: readonly Readonly<Record<Feature, readonly number[]>>[];
}

/** Coefficients of a logistic function: the chance that a text is exactly what comes next. */
export interface Correctness {
  readonly bias: number;
  /** For the sum of the tokens' log probabilities. */
  readonly sum: number;
  /** For the least of them. */
  readonly least: number;
  /** For the logarithm of their number. */
  readonly length: number;
}
