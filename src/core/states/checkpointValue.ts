/** Where the next request of a document is likely to be. */
export interface Likelihood {
  /** Tokens before the place where the user works. */
  readonly cursorToken: number;
  /** Tokens of the whole document. */
  readonly tokenCount: number;
  /** How likely the next request is in this document at all, against the other open ones. */
  readonly weight: number;
}

/** The distance from the cursor at which requests around it have become rare, in tokens. */
const nearTokens = 2048;
/** A third of the requests is expected at the cursor, a third around it, a third anywhere in the document. */
const share = 1 / 3;

/**
 * What the loss of a checkpoint would cost: requests before the next checkpoint would read from the previous one. In
 * tokens × likelihood.
 */
export function lossOf(previous: number, own: number, next: number, likelihood: Likelihood): number {
  const { cursorToken, weight } = likelihood;
  const around = Math.max(1, next - own) * densityAt((own + next) / 2, likelihood);
  const atCursor = own <= cursorToken && cursorToken < next ? weight * share : 0;
  return (own - previous) * (around + atCursor);
}

/** The likelihood of a request per token of the document, at a place that is not the cursor itself. */
function densityAt(token: number, { cursorToken, tokenCount, weight }: Likelihood): number {
  const near = Math.exp(-Math.abs(token - cursorToken) / nearTokens) / (2 * nearTokens);
  return weight * share * (near + 1 / Math.max(1, tokenCount));
}
