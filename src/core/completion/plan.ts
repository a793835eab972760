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
  /** What is left to read of the base (or of what stands in for it), then of the other stretches. */
  readonly above: readonly TokenId[];
  readonly below: readonly TokenId[];
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
  const ready = keptPlan(session, prompt, store, text.chainAt(prompt.base));
  if (ready !== undefined) return { ...ready, exact: true };

  // With nothing else left to read, the last token of the base is read anew: decoding begins with its logits.
  const needsLogits = prompt.below.length + prompt.tail.length + prompt.typed.length === 0;
  const near = store.nearest(text, needsLogits ? prompt.base - 1 : prompt.base);
  const from = near?.tokenCount ?? 0;
  if (prompt.base - from > windowTokens && longPrefix === "window") {
    return prompt.below.length > 0 ? headerPlan(session, prompt, store) : windowPlan(session, prompt, store);
  }
  return {
    exact: true,
    from: text.chainAt(from),
    state: near?.state,
    above: text.tokens(from, prompt.base),
    below: prompt.below,
    tail: prompt.tail,
    logits: undefined,
  };
}

/** From the state kept for the line itself, on top of `base`, or from one kept on the way to it. */
function keptPlan(
  session: DocumentSession,
  prompt: Prompt,
  store: CheckpointStore,
  base: TokenChain,
): Omit<ReadingPlan, "exact"> | undefined {
  const whole = chainWithTail(base, [...prompt.below, ...prompt.tail]);
  const kept = store.get(whole);
  const { logits } = session;
  const known = logits?.key === whole.key ? logits.logits : undefined;
  if (kept !== undefined && (prompt.typed.length > 0 || known !== undefined)) {
    return { from: whole, state: kept.state, above: [], below: [], tail: [], logits: known };
  }
  return prompt.below.length > 0 ? keptBehindSuffix(session, prompt, store, base) : undefined;
}

/** From the state of the line that the cursor came from, or else from that behind the suffix. */
function keptBehindSuffix(
  session: DocumentSession,
  { below, tail }: Prompt,
  store: CheckpointStore,
  base: TokenChain,
): Omit<ReadingPlan, "exact"> | undefined {
  const line = session.kept.get("line")?.tokenCount ?? 0;
  for (const count of [line - base.tokenCount - below.length, 0]) {
    if (count < 0 || count >= tail.length) continue;
    const from = chainWithTail(base, [...below, ...tail.slice(0, count)]);
    const kept = store.get(from);
    if (kept === undefined) continue;
    return { from, state: kept.state, above: [], below: [], tail: tail.slice(count), logits: undefined };
  }
  return undefined;
}

/** Leaves the text above the window out: suffix and window alone are the form as it was published. */
function headerPlan(session: DocumentSession, prompt: Prompt, store: CheckpointStore): ReadingPlan {
  const { tokens, headerTokens } = session.document;
  const ready = keptPlan(session, prompt, store, tokens.chainAt(headerTokens));
  if (ready !== undefined) return { ...ready, exact: false };
  const { below, tail } = prompt;
  const above = tokens.tokens(0, headerTokens);
  return { exact: false, from: tokens.chainAt(0), state: undefined, above, below, tail, logits: undefined };
}

/** Reads a stretch of the text in place of all of it, from the nearest state of that same stretch. */
function windowPlan(session: DocumentSession, prompt: Prompt, store: CheckpointStore): ReadingPlan {
  const { document } = session;
  const tokens = session.window.tokens(document, prompt.base, document.headerTokens);
  const empty = document.tokens.chainAt(0);
  const ready = keptPlan(session, prompt, store, chainWithTail(empty, tokens));
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
      below: [],
      tail: prompt.tail,
      logits: undefined,
    };
  }
  const { tail } = prompt;
  return { exact: false, from: empty, state: undefined, above: tokens, below: [], tail, logits: undefined };
}
