import type { CompletionCost } from "../core/statistics.js";

/** One line of text: the tokens that a completion read, the time until its first token, and its speed. */
export function timings(cost: CompletionCost): string {
  const decodingMs = cost.ms - cost.msToFirstToken;
  const written =
    cost.tokensDecoded > 1
      ? `${(((cost.tokensDecoded - 1) * 1000) / decodingMs).toFixed(0)} tokens/s written`
      : "1 token written";
  return (
    `${cost.tokensRead} tokens read, ${cost.tokensFromCheckpoint} from a checkpoint, ` +
    `first token after ${cost.msToFirstToken.toFixed(0)} ms, ${written}`
  );
}
