/**
 * Every message of ours between the extension host and the server; the rest is LSP 3.18 as the standard has it.
 * Plain data only. Positions cross as LSP positions.
 */
import { secretFiles } from "./secretFiles.js";

/** A language's identifier to on or off; "*" for all others. */
export type EnabledLanguages = Readonly<Record<string, boolean>>;

/** The settings of the server, once read: a client sends them by the names of the README (`shared/configuration.ts`). */
export interface ServerSettings {
  readonly enable: EnabledLanguages;
  /** False: text is offered only when the user asks for it. */
  readonly automatic: boolean;
  /** Globs of files that are never read. */
  readonly exclude: readonly string[];
  /** Folder of the model; empty: the embedded one. */
  readonly modelPath: string;
  readonly timeBudgetMs: number;
  /** How sure an automatic answer must be. */
  readonly confidence: "careful" | "balanced" | "eager" | "always";
  readonly checkpointMemoryMB: number;
  /** 0: measured at load. */
  readonly threads: number;
  /** What runs the model; "auto": our own engine where it runs, otherwise onnxruntime. */
  readonly engine: "auto" | "native" | "onnxruntime";
  readonly idleUnloadMinutes: number;
  /** Documents with more lines are not completed. */
  readonly maxLines: number;
}

export const defaultSettings: ServerSettings = {
  enable: { "*": true, plaintext: false, markdown: false, log: false, scminput: false },
  automatic: true,
  exclude: secretFiles,
  modelPath: "",
  timeBudgetMs: 300,
  confidence: "balanced",
  checkpointMemoryMB: 256,
  threads: 0,
  engine: "auto",
  idleUnloadMinutes: 30,
  maxLines: 100_000,
};

/** In which turns a model was trained to talk; "none": it was not. */
export type ChatFormat = "none" | "world" | "g1";

/**
 * What a client may ask for in `initializationOptions`, beside the settings.
 * - `statusNotifications`: `rwkv/status`, in place of work-done progress and of messages about a model that cannot be loaded.
 *   True as well for clients that have no capability at all and send settings: scripts that wait for the model in this way.
 * - `completionProvider`: `textDocument/completion` as well, for editors that know no inline completion.
 */
export interface ClientOptions {
  readonly statusNotifications: boolean;
  readonly completionProvider: boolean;
}

/** Notification, server to host: sent only to clients that asked for it. */
export const statusMethod = "rwkv/status";
export type ServerStatus =
  | { readonly kind: "noModel" }
  | { readonly kind: "loading"; readonly fraction: number }
  | {
      readonly kind: "ready";
      readonly model: string;
      /** The setting that it was loaded for; the one of now may be another. */
      readonly modelPath: string;
      readonly engine: string;
      readonly chat: ChatFormat;
      /** Tokens decoded a second, measured when it was loaded. */
      readonly tokensPerSecond: number;
    }
  | { readonly kind: "reading"; readonly uri: string; readonly fraction: number }
  | { readonly kind: "failed"; readonly reason: string };

/** Notification, client to server: settings by name, at any time. An older way than `workspace/didChangeConfiguration`. */
export const settingsMethod = "rwkv/settings";

/** Notification, server to host: the model left memory because nobody used it; the process is good for nothing now. */
export const idleMethod = "rwkv/idle";

/** Request, host to server: the model, loaded first where it is not in memory. */
export const modelMethod = "rwkv/model";
export type ReadyModel = Extract<ServerStatus, { readonly kind: "ready" }>;

/** Notification, host to server: the document the user looks at (name as the Copilot language server has it). */
export const didFocusMethod = "textDocument/didFocus";
export interface DidFocusParams {
  readonly textDocument: { readonly uri: string };
}

/**
 * Request, host to server: text to be written at a place. It comes piece by piece as `$/progress` of the token, each a
 * stretch of whole lines; cancelling ends it, and what came stays.
 */
export const generateMethod = "rwkv/generate";
export interface GenerateParams {
  readonly textDocument: { readonly uri: string };
  readonly position: ProtocolPosition;
  readonly maxLines: number;
  /** The indentation of one level, in a document that tells none. */
  readonly indentUnit: string;
  readonly partialResultToken: string;
}
export interface GenerateDelta {
  readonly text: string;
  /** How many UTF-16 units right of the place where it goes in it takes the place of: closers. */
  readonly replaced: number;
}
export interface GenerateResult {
  readonly characters: number;
}

/** Request, host to server: several texts for a place, the likeliest first, each another one. */
export const alternativesMethod = "rwkv/alternatives";
export interface AlternativesParams {
  readonly textDocument: { readonly uri: string };
  readonly position: ProtocolPosition;
}
export interface Alternative {
  /** What `text` takes the place of: empty, or closers right of the cursor. */
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

/**
 * Request, host to server: the form in which code from elsewhere, such as an answer of the chat, is put into a document in
 * place of a range: indented as the document is, and nothing closed twice. Null if no model has the document.
 */
export const insertionMethod = "rwkv/insertion";
export interface InsertionParams {
  readonly textDocument: { readonly uri: string };
  readonly range: ProtocolRange;
  readonly text: string;
  /** The indentation of one level, in a document that tells none. */
  readonly indentUnit: string;
}
export interface InsertionResult {
  readonly text: string;
  /** UTF-16 units after the range that the text replaces: closers. */
  readonly replaced: number;
}

/**
 * Request, host to server: the answer to the last of some turns. It comes piece by piece as `$/progress` of the token;
 * cancelling ends it, and what came can be gone on from.
 */
export const chatMethod = "rwkv/chat";
export interface ChatParams {
  /** All but the last have an answer. */
  readonly turns: readonly ChatTurnParams[];
  /** What the model is told before everything; may be empty. */
  readonly system: string;
  /** What a model that was not trained to talk is to go on with: a language's identifier. */
  readonly scratchLanguageId: string;
  readonly seed: number;
  readonly partialResultToken: string;
}
export interface ChatTurnParams {
  readonly message: string;
  readonly attachments: readonly ChatAttachmentParams[];
  readonly think: boolean;
  /** As `ChatPiece.written` gave it. */
  readonly answer?: string;
}
export interface ChatAttachmentParams {
  /** For instance `parser.ts:10-24`. */
  readonly label: string;
  readonly uri: string;
  readonly languageId: string;
  readonly text: string;
  readonly isWholeFile: boolean;
}
/** What has been added to an answer; of a result: all of it. */
export interface ChatDelta {
  /** As the model wrote it: goes back as `ChatTurnParams.answer`. */
  readonly written: string;
  /** Its two parts, for people. */
  readonly thinking: string;
  readonly text: string;
}
export interface ChatResult extends ChatDelta {
  readonly stop: "end" | "limit" | "repetition";
  readonly tokensRead: number;
  readonly tokensFromCheckpoint: number;
  readonly tokensDecoded: number;
  /** Of the last turn alone. */
  readonly lastTurnTokens: number;
  readonly msToFirstToken: number;
  readonly ms: number;
}

/** Request, host to server: how many tokens texts are; zeros while no model is in memory. */
export const countTokensMethod = "rwkv/countTokens";
export interface CountTokensParams {
  readonly texts: readonly string[];
}

/** Request, host to server: counts, bytes, latencies. */
export const statisticsMethod = "rwkv/statistics";
export interface ServerStatistics {
  /** Of the server's process. */
  readonly pid: number;
  readonly status: ServerStatus;
  readonly model: string;
  readonly engine: string;
  readonly chat: ChatFormat;
  readonly requests: RequestCounts;
  /** Milliseconds from a request's arrival to its answer, over the last 1,000 answered with a run. */
  readonly latencyMs: { readonly p50: number; readonly p95: number };
  readonly checkpoints: {
    readonly count: number;
    readonly bytes: number;
    readonly maxBytes: number;
    /** States that were too large for the budget and not kept. */
    readonly tooLarge: number;
  };
  /** `process.memoryUsage()` of the server. */
  readonly memory: { readonly rssBytes: number; readonly arrayBuffersBytes: number };
  readonly documents: readonly DocumentStatistics[];
  /** The last request that was answered by runs of the model. */
  readonly last: CompletionStatistics | undefined;
}

export interface RequestCounts {
  readonly asked: number;
  readonly shown: number;
  readonly empty: number;
  readonly cancelled: number;
  readonly failed: number;
  /** Answered from the rest of an earlier answer, with no run. */
  readonly reused: number;
  /** Read from the exact state of the whole prefix, or from a window while that was not there yet. */
  readonly exact: number;
  readonly window: number;
}

export interface DocumentStatistics {
  readonly uri: string;
  readonly tokens: number;
  /** Tokens of the document that the background reading has read and that a checkpoint stands for. */
  readonly tokensRead: number;
  readonly checkpoints: number;
}

export interface CompletionStatistics {
  readonly exact: boolean;
  /** Tokens of the whole prompt, tokens of it that runs read, and tokens a checkpoint stood for. */
  readonly promptTokens: number;
  readonly tokensRead: number;
  readonly tokensFromCheckpoint: number;
  readonly tokensDecoded: number;
  readonly msToFirstToken: number;
  readonly ms: number;
}
