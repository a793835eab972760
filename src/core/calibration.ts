/**
 * Numbers that were fitted for one model on source it was not trained on (bench/quality), and lie beside its weights:
 * how far the open document is believed beside the model, and how likely an answer is right.
 */
export interface Calibration {
  readonly mixture: Mixture;
  readonly correctness: Correctness;
}

/** A weight for each bucket of match length, number of places and the model's entropy. */
export interface Mixture {
  /** Lower bounds of the buckets, ascending; what is below the first falls into the first. */
  readonly lengths: readonly number[];
  readonly places: readonly number[];
  /** In nats. */
  readonly entropies: readonly number[];
  /** weights[length][places][entropy], each between 0 (the model alone) and 1 (the document alone). */
  readonly weights: readonly (readonly (readonly number[])[])[];
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
