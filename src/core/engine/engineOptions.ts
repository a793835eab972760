import type { ReplyTokenCache } from "../chat/replyTokenCache.js";
import type { CompleterLimits } from "../completion/completer.js";
import type { EditorCompletion, EditorPosition } from "../completion/editorRequest.js";
import type { PrefixMode } from "../completion/readPlan.js";
import type { Model } from "../model.js";
import type { CheckpointStore } from "../states/checkpointStore.js";
import type { StateArchive } from "../states/stateArchive.js";
import type { CompletionCounter } from "../statistics.js";
import type { NothingShown } from "../../shared/nothingShown.js";

/** What an engine uses but does not own: model, store and cache outlive it. */
export interface EngineOptions {
  readonly model: Model;
  /** May contain checkpoints of other models, which stay until they are evicted. */
  readonly store: CheckpointStore;
  readonly replyTokens: ReplyTokenCache;
  readonly limits: () => CompleterLimits;
  readonly counter: CompletionCounter;
  /** Without it, documents are read only as far as requests need them. */
  readonly background?: BackgroundOptions;
  /** Keeps states across restarts; without it, none are kept. */
  readonly archive?: StateArchive;
}

export interface BackgroundOptions {
  /** Whether to save power by reading only text shortly before the cursor. */
  readonly isNearCursorOnly?: () => boolean;
  /** Idle time after the last edit or request before text below the cursor is read. */
  readonly quietMs: number;
  /**
   * Called with the document that is being read and the fraction read so far; with undefined when reading stops.
   */
  readonly onProgress: (uri: string | undefined, fraction: number) => void;
  readonly onError: (error: unknown) => void;
}

/** A position in an open document, in the editor's units. */
export interface EngineRequest extends Omit<EditorPosition, "session"> {
  readonly uri: string;
}

/** The completions to show at a position, the best one first, or why there are none. */
export type CompletionOutcome =
  | { readonly kind: "shown"; readonly completions: readonly EditorCompletion[] }
  | { readonly kind: "nothing"; readonly nothing: NothingShown };

/** The best completion of an outcome, if it has one. */
export function firstOf(outcome: CompletionOutcome): EditorCompletion | undefined {
  return outcome.kind === "shown" ? outcome.completions[0] : undefined;
}

export interface CompleteOptions {
  readonly trigger: "automatic" | "invoked";
  /** Defaults to `window`; `full` is for callers that can wait for the whole prefix. */
  readonly prefixMode?: PrefixMode;
  /** Draws further completions after the first one, if there is one. */
  readonly others?: OthersOptions;
}

/** Limits for the completions that are sampled in addition to the first one. */
export interface OthersOptions {
  readonly count: number;
  readonly maxTokens: number;
  readonly maxMs: number;
}

export interface GenerateOptions {
  readonly maxLines: number;
  /** One level of indentation, for a document that has none yet. */
  readonly indentUnit: string;
  /**
   * Receives the text as it is written; `replaced` counts the UTF-16 code units after the position that the text
   * replaces.
   */
  readonly onText: (text: string, replaced: number) => void;
}
