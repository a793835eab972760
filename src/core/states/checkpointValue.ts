/** The likely position of a document's next request. */
export interface Likelihood {
  /** Number of tokens before the position where the user last worked. */
  readonly cursorToken: number;
  /** How likely a request in this document is, relative to the other open documents. */
  readonly weight: number;
}

/** Distance from the cursor, in tokens, over which the additional likelihood decays by a factor of e. */
const nearTokens = 2048;
/** Additional likelihood of a request close to the cursor, relative to one far away. */
const nearFactor = 3;
/** Additional likelihood of a request exactly at the cursor, in multiples of the likelihood at a token far away. */
const cursorTokens = 64;

/**
 * Cost of losing an archived place, in tokens × likelihood: requests between it and the next place would have to read
 * from the previous one. docs/STATES.md compares the factors above with other values (`npm run bench:eviction`).
 */
export function lossOf(previous: number, own: number, next: number, likelihood: Likelihood): number {
  const { perToken, atCursor } = likelihoodWithin(own, next, likelihood);
  return likelihood.weight * (own - previous) * (Math.max(1, next - own) * perToken + atCursor);
}

/**
 * `perToken`: how likely a request is at each token of a range. `atCursor`: how much likelier it is at the cursor; 0 if
 * the cursor is outside the range.
 */
export function likelihoodWithin(from: number, to: number, { cursorToken }: Likelihood) {
  const distance = Math.abs((from + to) / 2 - cursorToken);
  const perToken = 1 + nearFactor * Math.exp(-distance / nearTokens);
  return { perToken, atCursor: from <= cursorToken && cursorToken < to ? cursorTokens : 0 };
}
