import type { CheckpointStore } from "../states/checkpointStore.js";
import type { Anchor } from "../states/anchor.js";
import { staleAnchorFor } from "../states/staleAnchor.js";
import type { SavePolicy } from "../states/checkpointedReader.js";
import { documentSavePolicy } from "../states/documentSavePolicy.js";
import type { TokenPrefix } from "../tokens/tokenPrefix.js";
import type { CompletionSource } from "../statistics.js";
import type { AnyState, TokenId } from "../model.js";
import type { DocumentSession } from "./documentSession.js";
import { extendPrefix, type Prompt } from "./prompt.js";
import type { ReadLimits } from "./readLimits.js";

/**
 * How to reach the state after a prompt's tail. A plan is made synchronously, from the document as the request saw it,
 * so a later edit cannot change it.
 */
export interface ReadPlan {
  readonly source: CompletionSource;
  readonly from: TokenPrefix;
  readonly state: AnyState | undefined;
  /** The tokens left to read: of the base (or of the window in its place), then of suffix and tail. */
  readonly base: readonly TokenId[];
  readonly suffix: readonly TokenId[];
  readonly tail: readonly TokenId[];
  /** Logits after the tail, if they are known and nothing is left to read. */
  readonly logits: Float32Array | undefined;
  /** Decides which states of the base are saved as checkpoints of the document; undefined if none are. */
  readonly savePolicy: SavePolicy | undefined;
}

/** Whether a window may replace a long prefix. It may in an editor, but not in the CLI's command `complete`. */
export type PrefixMode = "window" | "full";

export function planRead(
  session: DocumentSession,
  prompt: Prompt,
  store: CheckpointStore,
  { prefixMode, ...limits }: ReadLimits & { readonly prefixMode: PrefixMode },
): ReadPlan {
  const text = session.document.tokens;
  const kept = planFromLineCheckpoint(session, prompt, store, text.prefixAt(prompt.baseTokens));
  if (kept !== undefined) return { ...kept, source: "exact" };

  // If nothing else is left to read, the last token of the base is read again: decoding begins with its logits.
  const needsLogits = prompt.suffix.length + prompt.tail.length + prompt.linePrefix.length === 0;
  const end = needsLogits ? prompt.baseTokens - 1 : prompt.baseTokens;
  const start =
    prefixMode === "full"
      ? exactStart(session, end, Infinity)
      : (stateStart(session, end, limits) ?? stateStart(session, end, { ...limits, maxTokens: limits.farTokens }));
  return planFromStart(session, prompt, store, start ?? windowStart(session, prompt, limits));
}

/** A state to start from, and the tokens between it and the end of the base. */
interface BaseStart {
  readonly source: CompletionSource;
  readonly prefix: TokenPrefix;
  readonly state: AnyState | undefined;
  /** Number of document tokens before the state; undefined if the state belongs to no position of the document. */
  readonly offset: number | undefined;
  /** Tokens to read instead of the document's tokens after `offset`. */
  readonly tokens?: readonly TokenId[];
}

function stateStart(session: DocumentSession, end: number, limits: ReadLimits): BaseStart | undefined {
  return (
    exactStart(session, end, limits.maxTokens) ??
    convergedStart(session, end, limits) ??
    staleStart(session, end, limits)
  );
}

function exactStart({ document, checkpoints }: DocumentSession, end: number, maxTokens: number): BaseStart | undefined {
  const found = checkpoints.nearestExact(end, end - maxTokens);
  const offset = found?.tokenCount ?? 0;
  if (end - offset > maxTokens) return undefined;
  return { source: "exact", prefix: document.tokens.prefixAt(offset), state: found?.state, offset };
}

function convergedStart({ checkpoints }: DocumentSession, end: number, limits: ReadLimits): BaseStart | undefined {
  const anchor = checkpoints.nearest(end);
  if (anchor === undefined || end - anchor.offset > limits.maxTokens) return undefined;
  return startAt("converged", anchor);
}

/** Uses the same stale state for as long as possible, so that later requests find the checkpoints computed from it. */
function staleStart(session: DocumentSession, end: number, limits: ReadLimits): BaseStart | undefined {
  const anchor = staleAnchorFor(session.checkpoints, end, limits);
  return anchor && startAt("stale", anchor);
}

function startAt(source: CompletionSource, { offset, checkpoint }: Anchor): BaseStart {
  return { source, prefix: checkpoint.prefix.copy(), state: checkpoint.state, offset };
}

/**
 * Reads the header and a window instead of the whole prefix. If there is a suffix, no window is read here, because the
 * suffix is followed by a window of its own.
 */
function windowStart(session: DocumentSession, { baseTokens, suffix }: Prompt, limits: ReadLimits): BaseStart {
  const { document } = session;
  const { tokens: text, headerTokens } = document;
  const tokens =
    suffix.length > 0
      ? text.tokens(0, headerTokens)
      : session.prefixWindow.tokens(document, baseTokens, limits.windowTokens);
  return { source: "window", prefix: text.prefixAt(0), state: undefined, offset: undefined, tokens };
}

/**
 * Reads from `start` or from a later checkpoint of an earlier request, so that typing on a line does not read the base
 * again.
 */
function planFromStart(session: DocumentSession, prompt: Prompt, store: CheckpointStore, start: BaseStart): ReadPlan {
  const { source, prefix, state, offset } = start;
  const tokens = start.tokens ?? session.document.tokens.tokens(offset ?? 0, prompt.baseTokens);
  const ready = planFromLineCheckpoint(session, prompt, store, extendPrefix(prefix, tokens));
  if (ready !== undefined) return { ...ready, source };
  const { suffix, tail } = prompt;
  const isPlaced = offset !== undefined && source !== "stale";
  const { checkpoints, document } = session;
  const savePolicy = isPlaced ? documentSavePolicy(checkpoints, document.tokens, offset, prefix.tokenCount) : undefined;
  const read = readAlready(session, store, prefix, tokens) ?? { from: prefix, state, base: tokens };
  return { source, suffix, tail, logits: undefined, savePolicy, ...read };
}

/** Starts from the last request's checkpoint if that request was on a line above and started from the same state. */
function readAlready(
  { promptCheckpoints }: DocumentSession,
  store: CheckpointStore,
  prefix: TokenPrefix,
  tokens: readonly TokenId[],
): Pick<ReadPlan, "from" | "state" | "base"> | undefined {
  const known = promptCheckpoints.get("line")?.tokenCount ?? 0;
  const count = known - prefix.tokenCount;
  if (count <= 0 || count >= tokens.length) return undefined;
  const from = extendPrefix(prefix, tokens.slice(0, count));
  const found = store.get(from);
  return found && { from, state: found.state, base: tokens.slice(count) };
}

/** Starts from the checkpoint after the tail, or from one between the end of the base and the end of the tail. */
function planFromLineCheckpoint(
  session: DocumentSession,
  prompt: Prompt,
  store: CheckpointStore,
  base: TokenPrefix,
): Omit<ReadPlan, "source"> | undefined {
  const linePrefix = extendPrefix(base, [...prompt.suffix, ...prompt.tail]);
  const kept = store.get(linePrefix);
  const { logits } = session;
  const logitsAfter = logits?.key === linePrefix.key ? logits.logits : undefined;
  if (kept !== undefined && (prompt.linePrefix.length > 0 || logitsAfter !== undefined)) {
    return { from: linePrefix, state: kept.state, base: [], suffix: [], tail: [], logits: logitsAfter, ...unsaved };
  }
  return planFromSuffixCheckpoint(session, prompt, store, base);
}

/**
 * Starts from the checkpoint of the line that the cursor left, or else from the one after the suffix (after the base if
 * there is no suffix). Undefined if the store has neither, or if there is no tail to read.
 */
function planFromSuffixCheckpoint(
  session: DocumentSession,
  { suffix, tail }: Prompt,
  store: CheckpointStore,
  base: TokenPrefix,
): Omit<ReadPlan, "source"> | undefined {
  const line = session.promptCheckpoints.get("line")?.tokenCount ?? 0;
  for (const count of [line - base.tokenCount - suffix.length, 0]) {
    if (count < 0 || count >= tail.length) continue;
    const from = extendPrefix(base, [...suffix, ...tail.slice(0, count)]);
    const kept = store.get(from);
    if (kept === undefined) continue;
    return { from, state: kept.state, base: [], suffix: [], tail: tail.slice(count), logits: undefined, ...unsaved };
  }
  return undefined;
}

const unsaved = { savePolicy: undefined };
