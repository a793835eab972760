import type { CheckpointStore } from "../checkpoints/store.js";
import type { TokenChain } from "../document/tokenChain.js";
import type { State, TokenId } from "../model.js";
import type { DocumentSession } from "./documentSession.js";
import { chainWithTail, type Prompt } from "./prompt.js";
import { blockEnds, windowTokens } from "./window.js";

/**
 * How the state behind a prompt's tail is reached. Made in one go while the document is as the request saw it; holds
 * nothing that a later edit could change.
 */
export interface ReadingPlan {
  /** The whole prefix is behind the state, not a window of it. */
  readonly exact: boolean;
  readonly from: TokenChain;
  readonly state: State | undefined;
  /** What is left to read of the base (or the window), then of the tail. */
  readonly above: readonly TokenId[];
  readonly tail: readonly TokenId[];
  /** Logits behind the tail, where they are known and nothing is left to read. */
  readonly logits: Float32Array | undefined;
}

/** When a long prefix must be read in full before the answer: never while someone types, always in the CLI. */
export type LongPrefix = "window" | "readAll";

export function planReading(
  session: DocumentSession,
  prompt: Prompt,
  store: CheckpointStore,
  longPrefix: LongPrefix,
): ReadingPlan {
  const text = session.document.tokens;
  const whole = chainWithTail(text.chainAt(prompt.base), prompt.tail);
  const ready = keptPlan(session, prompt, store, whole);
  if (ready !== undefined) return { ...ready, exact: true };

  // With nothing else left to read, the last token of the base is read anew: decoding begins with its logits.
  const needsLogits = prompt.tail.length === 0 && prompt.typed.length === 0;
  const near = store.nearest(text, needsLogits ? prompt.base - 1 : prompt.base);
  const from = near?.tokenCount ?? 0;
  if (prompt.base - from > windowTokens && longPrefix === "window") return windowPlan(session, prompt, store);
  return {
    exact: true,
    from: text.chainAt(from),
    state: near?.state,
    above: text.tokens(from, prompt.base),
    tail: prompt.tail,
    logits: undefined,
  };
}

/** The state kept for the line itself. */
function keptPlan(
  session: DocumentSession,
  prompt: Prompt,
  store: CheckpointStore,
  whole: TokenChain,
): Omit<ReadingPlan, "exact"> | undefined {
  const kept = store.get(whole);
  if (kept === undefined) return undefined;
  const { logits } = session;
  const known = logits?.key === whole.key ? logits.logits : undefined;
  if (prompt.typed.length === 0 && known === undefined) return undefined;
  return { from: whole, state: kept.state, above: [], tail: [], logits: known };
}

/** Reads a stretch of the text in place of all of it, from the nearest state of that same stretch. */
function windowPlan(session: DocumentSession, prompt: Prompt, store: CheckpointStore): ReadingPlan {
  const { document } = session;
  const tokens = session.window.tokens(document, prompt.base, document.headerTokens);
  const empty = document.tokens.chainAt(0);
  const whole = chainWithTail(empty, [...tokens, ...prompt.tail]);
  const ready = keptPlan(session, prompt, store, whole);
  const before = session.windowTokens;
  session.windowTokens = tokens;
  if (ready !== undefined) return { ...ready, exact: false };

  const goesOn = before.length < tokens.length && before.every((token, i) => token === tokens[i]);
  for (const end of goesOn ? [before.length, ...blockEnds(before.length - 1)] : blockEnds(tokens.length - 1)) {
    const chain = chainWithTail(empty, tokens.slice(0, end));
    const found = store.get(chain);
    if (found === undefined) continue;
    return {
      exact: false,
      from: chain,
      state: found.state,
      above: tokens.slice(end),
      tail: prompt.tail,
      logits: undefined,
    };
  }
  return { exact: false, from: empty, state: undefined, above: tokens, tail: prompt.tail, logits: undefined };
}
