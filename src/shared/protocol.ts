/**
 * The custom messages between the extension host and the server, except those of notebookCells.ts, structureRequests.ts
 * and workspaceIndexState.ts. The rest is LSP 3.18. Plain data only; positions are LSP positions.
 */
import type { NothingCounts, NothingShown } from "./nothingShown.js";
import { secretFiles } from "./secretFiles.js";

/** Maps language identifiers to on or off; "*" stands for all others. */
export type EnabledLanguages = Readonly<Record<string, boolean>>;

/** The server's settings after parsing. Clients send them by their names in the README (`shared/configuration.ts`). */
export interface ServerSettings {
  readonly enable: EnabledLanguages;
  /** If false, completions appear only when the user asks for them. */
  readonly automatic: boolean;
  /** Globs of files that are never read. */
  readonly exclude: readonly string[];
  /** Whether the workspace's files are indexed, so that completions can draw on all of them. */
  readonly workspaceContext: boolean;
  /** Globs of files that are not indexed: in VS Code `files.exclude` and `search.exclude`. */
  readonly workspaceExclude: readonly string[];
  /** The model's folder; empty for the embedded model. */
  readonly modelPath: string;
  readonly timeBudgetMs: number;
  /** Minimum expected correctness of an automatic completion, as a level. */
  readonly confidence: "careful" | "balanced" | "eager" | "always";
  readonly checkpointMemoryMB: number;
  /** Size limit of the states that are kept on disk across restarts; 0 if none are kept. */
  readonly checkpointDiskMB: number;
  /** How much of open documents is read ahead of requests. "auto": "nearCursor" on battery, otherwise "all". */
  readonly backgroundReading: "auto" | "all" | "nearCursor";
  /** Number of threads. If it is 0, the fastest number is determined by a measurement when the model is loaded. */
  readonly threads: number;
  /** "auto": the native engine, or onnxruntime if the native one does not run, or lacks fast kernels and is slower. */
  readonly engine: "auto" | "native" | "onnxruntime";
  readonly idleUnloadMinutes: number;
  /** Documents with more lines are not completed. */
  readonly maxLines: number;
}

export const defaultSettings: ServerSettings = {
  enable: { "*": true, plaintext: false, markdown: false, log: false, scminput: false },
  automatic: true,
  exclude: secretFiles,
  workspaceContext: true,
  workspaceExclude: [],
  modelPath: "",
  timeBudgetMs: 300,
  confidence: "balanced",
  checkpointMemoryMB: 256,
  checkpointDiskMB: 512,
  backgroundReading: "auto",
  threads: 0,
  engine: "auto",
  idleUnloadMinutes: 30,
  maxLines: 100_000,
};

/** The chat format a model was trained with; "none" if it was not trained to chat. */
export type ChatFormat = "none" | "world" | "g1";

/**
 * Options that a client may set in `initializationOptions` besides the settings.
 * - `statusNotifications`: `rwkv/status` notifications instead of work-done progress and messages about a model that
 * cannot be loaded. On by default for clients that declare no capabilities but send `initializationOptions`, such as
 * scripts that wait for the model.
 * - `nothingShownNotifications`: `rwkv/nothingShown` notifications.
 * - `storagePath`: a folder in which the index of the workspace and states of the model are kept across restarts; if
 * absent, they are only in memory.
 * - `completionProvider`: also answer `textDocument/completion`, for editors without inline completion.
 */
export interface ClientOptions {
  readonly statusNotifications: boolean;
  readonly nothingShownNotifications: boolean;
  readonly completionProvider: boolean;
  readonly storagePath: string | undefined;
}

/** Notification from server to client, if `nothingShownNotifications` is on: why a request showed nothing. */
export const nothingShownMethod = "rwkv/nothingShown";
export type NothingShownParams = NothingShown & { readonly uri: string };

/** Notification from server to client, if `statusNotifications` is on: the state of the model. */
export const statusMethod = "rwkv/status";
export type ServerStatus =
  | { readonly kind: "noModel" }
  | { readonly kind: "loading"; readonly fraction: number }
  | {
      readonly kind: "ready";
      readonly model: string;
      /** The setting when the model was loaded; the current setting may differ. */
      readonly modelPath: string;
      readonly engine: string;
      readonly chat: ChatFormat;
      /** Decoding speed, measured at load. */
      readonly tokensPerSecond: number;
    }
  | { readonly kind: "reading"; readonly uri: string; readonly fraction: number }
  | { readonly kind: "failed"; readonly reason: string };

/** Notification from client to server: changed settings by name, as in `workspace/didChangeConfiguration`. */
export const settingsMethod = "rwkv/settings";

/**
 * Notification from server to client, if `statusNotifications` is on: the model was unloaded because it was idle. The
 * client may stop the server.
 */
export const idleMethod = "rwkv/idle";

/** Request from client to server: the model, which is loaded first if necessary. */
export const modelMethod = "rwkv/model";
export type ReadyModel = Extract<ServerStatus, { readonly kind: "ready" }>;

/**
 * Notification from client to server: the user looks at this document. The Copilot language server has the same
 * notification.
 */
export const didFocusMethod = "textDocument/didFocus";
export interface DidFocusParams {
  readonly textDocument: { readonly uri: string };
}

/**
 * Request from client to server: writes code at a position. The text is streamed as `$/progress`. After a cancellation
 * the client keeps what it received.
 */
export const generateMethod = "rwkv/generate";
export interface GenerateParams extends DocumentPosition {
  readonly maxLines: number;
  /** One level of indentation, for a document whose own text shows no indentation. */
  readonly indentUnit: string;
  readonly partialResultToken: string;
}
export interface GenerateDelta {
  readonly text: string;
  /** Number of UTF-16 code units after the position that the text replaces: closers such as `)`. */
  readonly replaced: number;
}
export interface GenerateResult {
  readonly characters: number;
}

/** Request from client to server: alternative completions for a position; the first one is the most likely. */
export const alternativesMethod = "rwkv/alternatives";
export interface Alternative {
  /** The range that `text` replaces: an empty range at the cursor, or the closers after the cursor. */
  readonly range: ProtocolRange;
  readonly text: string;
}
export interface ProtocolPosition {
  readonly line: number;
  readonly character: number;
}
export interface ProtocolRange {
  readonly start: ProtocolPosition;
  readonly end: ProtocolPosition;
}
export interface DocumentPosition {
  readonly textDocument: { readonly uri: string };
  readonly position: ProtocolPosition;
}

/**
 * Request from client to server: the reply to the last turn, streamed as `$/progress`. After a cancellation the client
 * keeps the part that it received; a later request can continue it.
 */
export const chatMethod = "rwkv/chat";
export interface ChatParams {
  /** All turns except the last one have an `answer`. */
  readonly turns: readonly ChatTurnParams[];
  /** System prompt; may be empty. */
  readonly system: string;
  /** For a model that was not trained to chat: the language identifier of the code that it writes. */
  readonly scratchLanguageId: string;
  readonly seed: number;
  readonly partialResultToken: string;
}
export interface ChatTurnParams {
  readonly message: string;
  readonly attachments: readonly ChatAttachmentParams[];
  readonly think: boolean;
  /** The reply to this turn, as in `ChatDelta.written`. */
  readonly answer?: string;
}
export interface ChatAttachmentParams {
  /** For example `parser.ts:10-24`. */
  readonly label: string;
  readonly uri: string;
  readonly languageId: string;
  readonly text: string;
  readonly isWholeFile: boolean;
}
/** Text added to a reply since the last message; in a `ChatResult`, the whole reply. */
export interface ChatDelta {
  /** As the model wrote it; sent back as `ChatTurnParams.answer`. */
  readonly written: string;
  /** `written` split into thinking and the reply proper, for display. */
  readonly thinking: string;
  readonly text: string;
}
export interface ChatResult extends ChatDelta {
  readonly stop: "end" | "limit" | "repetition";
  readonly tokensRead: number;
  readonly tokensFromCheckpoint: number;
  readonly tokensDecoded: number;
  /** Number of tokens that the last turn adds before its reply: the message and the format around it. */
  readonly lastTurnTokens: number;
  readonly msToFirstToken: number;
  readonly ms: number;
}

/** Request from client to server: the number of tokens of each text; zeros if no model is loaded. */
export const countTokensMethod = "rwkv/countTokens";
export interface CountTokensParams {
  readonly texts: readonly string[];
}

/** Request from client to server: counts, memory and latencies. */
export const statisticsMethod = "rwkv/statistics";
export interface ServerStatistics {
  /** Process id of the server. */
  readonly pid: number;
  readonly status: ServerStatus;
  readonly model: string;
  readonly engine: string;
  readonly chat: ChatFormat;
  readonly requests: RequestCounts;
  /** Requests for ghost text that showed nothing, by reason, including those that did not run the model. */
  readonly nothingShown: NothingCounts;
  /** Milliseconds from a request's arrival to its response, over the last 1,000 requests that ran the model. */
  readonly latencyMs: { readonly p50: number; readonly p95: number };
  readonly checkpoints: {
    readonly count: number;
    readonly packedCount: number;
    readonly bytes: number;
    readonly maxBytes: number;
    /** States that were not stored because they exceed the budget. */
    readonly tooLarge: number;
  };
  /** From `process.memoryUsage()` in the server. */
  readonly memory: { readonly rssBytes: number; readonly arrayBuffersBytes: number };
  readonly documents: readonly DocumentStatistics[];
  /** The last request that ran the model. */
  readonly last: CompletionStatistics | undefined;
}

export interface RequestCounts {
  readonly asked: number;
  readonly shown: number;
  readonly empty: number;
  readonly cancelled: number;
  readonly failed: number;
  /** Answered with the continuation of a pending completion, without running the model. */
  readonly reused: number;
  /**
   * Counts by what the completion started from: a state that has read exactly the text above (`exact`), a state that
   * agrees with such a state again after an edit (`converged`), a state that has not read some edit above (`stale`), or
   * no state, so that only a window of the text above was read (`window`).
   */
  readonly exact: number;
  readonly converged: number;
  readonly stale: number;
  readonly window: number;
}

export interface DocumentStatistics {
  readonly uri: string;
  readonly tokens: number;
  /** Number of tokens from the document's start that have been read and have not changed since. */
  readonly tokensRead: number;
  readonly checkpoints: number;
}

export interface CompletionStatistics {
  /** The kind of state that the completion started from; `RequestCounts` explains the kinds. */
  readonly source: "exact" | "converged" | "stale" | "window";
  /** True if `source` is "exact". */
  readonly exact: boolean;
  /** Tokens in the whole prompt, in the part that was read, and in the part that a checkpoint covered. */
  readonly promptTokens: number;
  readonly tokensRead: number;
  readonly tokensFromCheckpoint: number;
  readonly tokensDecoded: number;
  readonly msToFirstToken: number;
  readonly ms: number;
}
