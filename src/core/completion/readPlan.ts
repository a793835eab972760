import type { CheckpointStore } from "../states/checkpointStore.js";
import type { TokenPrefix } from "../tokens/tokenPrefix.js";
import type { State, TokenId } from "../model.js";
import type { DocumentSession } from "./documentSession.js";
import { extendPrefix, type Prompt } from "./prompt.js";
import { blockEnds, windowTokens } from "./prefixWindow.js";

/**
 * How the state behind a prompt's tail is reached. Made in one go while the document is as the request saw it; holds
 * nothing that a later edit could change.
 */
export interface ReadPlan {
  /** The whole prefix is behind the state, not a window of it. */
  readonly exact: boolean;
  readonly from: TokenPrefix;
  readonly state: State | undefined;
  /** What is left to read of the base (or of what stands in for it), then of the other stretches. */
  readonly base: readonly TokenId[];
  readonly suffix: readonly TokenId[];
  readonly tail: readonly TokenId[];
  /** Logits behind the tail, where they are known and nothing is left to read. */
  readonly logits: Float32Array | undefined;
}

/** When a long prefix must be read in full before the answer: never while someone types, always in the CLI. */
export type PrefixMode = "window" | "full";

export function planRead(
  session: DocumentSession,
  prompt: Prompt,
  store: CheckpointStore,
  prefixMode: PrefixMode,
): ReadPlan {
  const text = session.document.tokens;
  const kept = planFromLineCheckpoint(session, prompt, store, text.prefixAt(prompt.baseTokens));
  if (kept !== undefined) return { ...kept, exact: true };

  // With nothing else left to read, the last token of the base is read anew: decoding begins with its logits.
  const needsLogits = prompt.suffix.length + prompt.tail.length + prompt.linePrefix.length === 0;
  const near = store.nearest(text, needsLogits ? prompt.baseTokens - 1 : prompt.baseTokens);
  const from = near?.tokenCount ?? 0;
  if (prompt.baseTokens - from > windowTokens && prefixMode === "window") {
    return prompt.suffix.length > 0 ? planFromHeader(session, prompt, store) : planFromWindow(session, prompt, store);
  }
  return {
    exact: true,
    from: text.prefixAt(from),
    state: near?.state,
    base: text.tokens(from, prompt.baseTokens),
    suffix: prompt.suffix,
    tail: prompt.tail,
    logits: undefined,
  };
}

/** From the state kept for the line itself, on top of `base`, or from one kept on the way to it. */
function planFromLineCheckpoint(
  session: DocumentSession,
  prompt: Prompt,
  store: CheckpointStore,
  base: TokenPrefix,
): Omit<ReadPlan, "exact"> | undefined {
  const linePrefix = extendPrefix(base, [...prompt.suffix, ...prompt.tail]);
  const kept = store.get(linePrefix);
  const { logits } = session;
  const logitsAfter = logits?.key === linePrefix.key ? logits.logits : undefined;
  if (kept !== undefined && (prompt.linePrefix.length > 0 || logitsAfter !== undefined)) {
    return { from: linePrefix, state: kept.state, base: [], suffix: [], tail: [], logits: logitsAfter };
  }
  return prompt.suffix.length > 0 ? planFromSuffixCheckpoint(session, prompt, store, base) : undefined;
}

/** From the state of the line that the cursor came from, or else from that behind the suffix. */
function planFromSuffixCheckpoint(
  session: DocumentSession,
  { suffix, tail }: Prompt,
  store: CheckpointStore,
  base: TokenPrefix,
): Omit<ReadPlan, "exact"> | undefined {
  const line = session.promptCheckpoints.get("line")?.tokenCount ?? 0;
  for (const count of [line - base.tokenCount - suffix.length, 0]) {
    if (count < 0 || count >= tail.length) continue;
    const from = extendPrefix(base, [...suffix, ...tail.slice(0, count)]);
    const kept = store.get(from);
    if (kept === undefined) continue;
    return { from, state: kept.state, base: [], suffix: [], tail: tail.slice(count), logits: undefined };
  }
  return undefined;
}

/** Leaves the text above the window out: suffix and window alone are the form as it was published. */
function planFromHeader(session: DocumentSession, prompt: Prompt, store: CheckpointStore): ReadPlan {
  const { tokens, headerTokens } = session.document;
  const ready = planFromLineCheckpoint(session, prompt, store, tokens.prefixAt(headerTokens));
  if (ready !== undefined) return { ...ready, exact: false };
  const { suffix, tail } = prompt;
  const above = tokens.tokens(0, headerTokens);
  return { exact: false, from: tokens.prefixAt(0), state: undefined, base: above, suffix, tail, logits: undefined };
}

/** Reads a stretch of the text in place of all of it, from the nearest state of that same stretch. */
function planFromWindow(session: DocumentSession, prompt: Prompt, store: CheckpointStore): ReadPlan {
  const { document } = session;
  const tokens = session.prefixWindow.tokens(document, prompt.baseTokens, document.headerTokens);
  const empty = document.tokens.prefixAt(0);
  const ready = planFromLineCheckpoint(session, prompt, store, extendPrefix(empty, tokens));
  const previousTokens = session.windowTokens;
  session.windowTokens = tokens;
  if (ready !== undefined) return { ...ready, exact: false };

  const extendsPrevious =
    previousTokens.length < tokens.length && previousTokens.every((token, i) => token === tokens[i]);
  for (const end of extendsPrevious
    ? [previousTokens.length, ...blockEnds(previousTokens.length - 1)]
    : blockEnds(tokens.length - 1)) {
    const prefix = extendPrefix(empty, tokens.slice(0, end));
    const found = store.get(prefix);
    if (found === undefined) continue;
    return {
      exact: false,
      from: prefix,
      state: found.state,
      base: tokens.slice(end),
      suffix: [],
      tail: prompt.tail,
      logits: undefined,
    };
  }
  const { tail } = prompt;
  return { exact: false, from: empty, state: undefined, base: tokens, suffix: [], tail, logits: undefined };
}
