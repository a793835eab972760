/** Where the next request of a document is likely to be. */
export interface Likelihood {
  /** Tokens before the place where the user works. */
  readonly cursorToken: number;
  /** How likely a request is at any token of the document, against the other open ones. */
  readonly weight: number;
}

/** The distance from the cursor at which requests have become as rare as anywhere, in tokens. */
const nearTokens = 2048;
/** How much likelier a request close to the cursor is than one anywhere. */
const nearFactor = 3;
/** The cursor itself counts as so many tokens. */
const cursorTokens = 64;

/**
 * What the loss of a checkpoint would cost: requests before the next checkpoint would read from the previous one. In
 * tokens × likelihood. The factors are those of docs/STATES.md (`npm run bench:eviction`).
 */
export function lossOf(previous: number, own: number, next: number, { cursorToken, weight }: Likelihood): number {
  const distance = Math.abs((own + next) / 2 - cursorToken);
  const likelihood = 1 + nearFactor * Math.exp(-distance / nearTokens);
  const atCursor = own <= cursorToken && cursorToken < next ? cursorTokens : 0;
  return weight * (own - previous) * (Math.max(1, next - own) * likelihood + atCursor);
}
