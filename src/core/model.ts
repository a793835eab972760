import type { CancellationToken } from "../shared/cancellation.js";
import type { Calibration } from "./calibration.js";

/** An index into the vocabulary. Born in a tokenizer or in a sampler. */
export type TokenId = number & { readonly [tokenId]: true };
declare const tokenId: unique symbol;

/** What the model remembers after some tokens. A value: nobody writes into one after `save()` returned it. */
export interface State {
  readonly data: Float32Array;
}

/**
 * Which rows of logits `feed` returns: none (prefill that only moves the state), the last token's
 * (decode begins there), or every token's (evaluation). Rows lie one after the other, `vocabularySize` floats each.
 */
export type Want = "none" | "last" | "all";

/** A place in some text: a working state that is fed tokens. */
export interface Reader {
  /**
   * Reads tokens in runs of at most `model.chunkTokens`; looks at the cancellation token before each run, and within
   * one where engine and token can.
   * After a `Cancelled` the Reader stands after the last whole run; `restore` puts it anywhere again.
   * @returns logits [rows, vocabularySize] as `want` says; valid until the next `feed`.
   */
  feed(tokens: readonly TokenId[], want: Want, cancellation: CancellationToken): Promise<Float32Array>;
  /** A copy of the working state. */
  save(): State;
  /** Goes to a saved state, or to the empty state before the first token. */
  restore(state: State | undefined): void;
  dispose(): void;
}

/** One loaded set of weights; all Readers share it. */
export interface Model {
  /** sha256 of weights and vocabulary plus the weight format: two models with one id compute the same. */
  readonly id: string;
  readonly name: string;
  /** For people: engine, weight format, threads. */
  readonly engine: string;
  readonly tokenizer: Tokenizer;
  readonly prompt: PromptFormat;
  readonly chat: ChatFormat;
  /** What was fitted for this model; undefined where nothing was. */
  readonly calibration: Calibration | undefined;
  /** For people: what of its folder could not be used, and what that means for them. */
  readonly notes: readonly string[];
  /** Bytes of one saved State. */
  readonly stateBytes: number;
  /** The most tokens that one run reads (chosen so that a run stays under about 30 ms). */
  readonly chunkTokens: number;
  /** Tokens decoded a second, measured at load. */
  readonly tokensPerSecond: number;
  open(from?: State): Reader;
  dispose(): Promise<void>;
}

/**
 * The turns that a model was trained to talk in (docs/RWKV.md §12): "world" is `User: …\n\nAssistant:`, "g1" the same with
 * thinking; "none": it was not trained to talk.
 */
export type ChatFormat = "none" | "world" | "g1";

/** How a document is laid out for the model, from model.json. */
export interface PromptFormat {
  /** Which text is read in which order: the table under "Prompts" in ARCHITECTURE.md. */
  readonly form: "prefix" | "prefix-suffix-middle" | "suffix-prefix-middle";
  /** Sentinel ids; undefined where the model was trained without. They never occur in text. */
  readonly endOfDocument: TokenId | undefined;
  readonly header: TokenId | undefined;
  readonly suffix: TokenId | undefined;
  readonly middle: TokenId | undefined;
  readonly endOfMiddle: TokenId | undefined;
  /** Of the form suffix-prefix-middle, and of no other. */
  readonly textSentinels: TextSentinels | undefined;
}

/** Sentinels that are text of ordinary tokens: a document can hold them as well (docs/RWKV.md §12, FIM). */
export interface TextSentinels {
  readonly prefix: string;
  readonly suffix: string;
  readonly middle: string;
  /** What all three begin with: text without it holds none of them. */
  readonly sentinelPrefix: string;
}

/**
 * Bytes to tokens and back. A text falls into pieces, from its start on: one token each where the longest entry wins, all
 * tokens of a word in BPE. Nothing before a piece matters to it, and of what follows only a few bytes, so cuts stay local.
 */
export interface Tokenizer {
  readonly vocabularySize: number;
  /** How far behind a piece's end the bytes that it depends on reach at the most. */
  readonly lookAheadBytes: number;
  /** The tokens of the piece that starts at `byteOffset`, in a text that ends at `end`. */
  pretokenAt(bytes: Uint8Array, byteOffset: number, end: number): readonly TokenMatch[];
  /** True where the piece that starts at `byteOffset` could be another if other bytes stood behind `end`. */
  isPretokenOpen(bytes: Uint8Array, byteOffset: number, end: number): boolean;
  /** The bytes of one token; empty for ids without a text form. */
  bytesOf(token: TokenId): Uint8Array;
  /** True where some entry is longer than bytes[byteOffset, end) and begins with it. For token healing. */
  canExtendPast(bytes: Uint8Array, byteOffset: number, end: number): boolean;
  /** The entries that agree with `required`: its prefixes, and those that begin with it. For token healing. */
  tokensCompatibleWith(forcedBytes: Uint8Array): readonly TokenId[];
  /** Byte values that stand for sentinels and must be dropped from any text. */
  readonly sentinelBytes: ReadonlySet<number>;
}

export interface TokenMatch {
  readonly token: TokenId;
  readonly byteLength: number;
}
