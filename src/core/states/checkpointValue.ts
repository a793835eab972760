/** The likely position of a document's next request. */
export interface Likelihood {
  /** Number of tokens before the position where the user last worked. */
  readonly cursorToken: number;
  /** How likely a request in this document is, relative to the other open documents. */
  readonly weight: number;
}

/** Distance from the cursor, in tokens, within which the additional likelihood decays by a factor of e. */
const nearTokens = 2048;
/** Additional likelihood of a request close to the cursor, relative to one far away. */
const nearFactor = 3;
/** Number of tokens that the cursor itself counts as. */
const cursorTokens = 64;

/**
 * Cost of losing a checkpoint, in tokens × likelihood: requests before the next checkpoint would have to read from the
 * previous one. docs/STATES.md compares the factors with others (`npm run bench:eviction`).
 */
export function lossOf(previous: number, own: number, next: number, { cursorToken, weight }: Likelihood): number {
  const distance = Math.abs((own + next) / 2 - cursorToken);
  const likelihood = 1 + nearFactor * Math.exp(-distance / nearTokens);
  const atCursor = own <= cursorToken && cursorToken < next ? cursorTokens : 0;
  return weight * (own - previous) * (Math.max(1, next - own) * likelihood + atCursor);
}
