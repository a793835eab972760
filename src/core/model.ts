import type { CancellationToken } from "../shared/cancellation.js";
import type { Calibration } from "./calibration.js";

/** An index into the vocabulary, branded so that it is not mixed up with other numbers. */
export type TokenId = number & { readonly [tokenId]: true };
declare const tokenId: unique symbol;

/** What the model remembers after some tokens. It is a value: nothing writes to it after `save()` has returned it. */
export interface State {
  readonly data: Float32Array;
}

/**
 * A state rounded to 8 bits to save memory. Reading continues from it with nearly the same logits as from the State,
 * but not exactly the same. It is a value, too. `data` contains the scales of the groups of numbers as 32-bit floats,
 * then the numbers.
 */
export interface PackedState {
  readonly data: Uint8Array;
}

export type AnyState = State | PackedState;

export function isPacked(state: AnyState): state is PackedState {
  return state.data instanceof Uint8Array;
}

/**
 * Which rows of logits `feed` returns: none (prefill that only advances the state), the last token's (the start of
 * decoding), or every token's (evaluation). The rows are consecutive, with `vocabularySize` floats each.
 */
export type Want = "none" | "last" | "all";

/** A working state that is fed tokens. */
export interface Reader {
  /**
   * Reads tokens in runs of at most `model.chunkTokens`. Checks the cancellation token before each run, and also during
   * a run if the engine supports that.
   * @returns logits [rows, vocabularySize], as `want` selects; valid until the next `feed`.
   * @throws Cancelled; the working state is then the one after the last complete run.
   */
  feed(tokens: readonly TokenId[], want: Want, cancellation: CancellationToken): Promise<Float32Array>;
  /** A copy of the working state. */
  save(): State;
  /** Continues from a saved state, or from the empty state before the first token. */
  restore(state: AnyState | undefined): void;
  /** How far the working state is from a saved one: the norm of the difference over the norm of the saved one. */
  distanceTo(state: AnyState): number;
  dispose(): void;
}

/** Values computed from all logits of a row, needed to choose a token. */
export interface LogitsSummary {
  /** The index of the highest logit. */
  readonly top: number;
  /** log Σ e^logit. */
  readonly logSum: number;
  /** Entropy of the softmax in nats. */
  readonly entropy: number;
}

/** A loaded set of weights, shared by all its Readers. */
export interface Model {
  /**
   * A hash of what determines the results: the model's files, the engine and the weight format. Models with equal ids
   * compute the same.
   */
  readonly id: string;
  readonly name: string;
  /** Engine, weight format and threads, for display. */
  readonly engine: string;
  readonly tokenizer: Tokenizer;
  readonly prompt: PromptFormat;
  readonly chat: ChatFormat;
  /** Fitted parameters for n-grams and expected correctness; undefined if the model has none. */
  readonly calibration: Calibration | undefined;
  /** Warnings for the user: which parts of the model's folder could not be used, and the consequences. */
  readonly notes: readonly string[];
  /** Bytes of one saved State. */
  readonly stateBytes: number;
  /** Bytes of one PackedState; undefined if the engine has none. */
  readonly packedStateBytes: number | undefined;
  /** Maximum number of tokens per run, chosen so that a run takes less than about 30 ms, if possible. */
  readonly chunkTokens: number;
  /** Decoding speed, measured at load. */
  readonly tokensPerSecond: number;
  /** Tokens read per second in whole chunks: measured at load, and raised by each chunk that is read faster. */
  readonly prefillTokensPerSecond: number;
  /** Summarizes a row of logits faster than JavaScript can; absent if the engine has no such function. */
  readonly summarize?: ((logits: Float32Array) => LogitsSummary) | undefined;
  open(from?: AnyState): Reader;
  /** Packs a state. @returns undefined if the engine has no packed states or a number is too large or not finite. */
  pack(state: State): PackedState | undefined;
  dispose(): Promise<void>;
}

/**
 * The chat template that a model was trained with (docs/RWKV.md §12): "world" is `User: …\n\nAssistant:`, "g1" is the
 * same with thinking, and "none" means that the model was not trained to chat.
 */
export type ChatFormat = "none" | "world" | "g1";

/** The layout of a prompt, from model.json. */
export interface PromptFormat {
  /** The order of prefix, suffix and middle: see the table under "Prompts" in ARCHITECTURE.md. */
  readonly form: "prefix" | "prefix-suffix-middle" | "suffix-prefix-middle";
  /** Sentinel ids; undefined if the model was trained without the sentinel. They never occur in text. */
  readonly endOfDocument: TokenId | undefined;
  readonly header: TokenId | undefined;
  readonly suffix: TokenId | undefined;
  readonly middle: TokenId | undefined;
  readonly endOfMiddle: TokenId | undefined;
  /** Defined only for the form suffix-prefix-middle. */
  readonly textSentinels: TextSentinels | undefined;
}

/**
 * Sentinels that are ordinary text, not tokens of their own, so a document may contain them, too (docs/RWKV.md §12,
 * FIM).
 */
export interface TextSentinels {
  readonly prefix: string;
  readonly suffix: string;
  readonly middle: string;
  /** The characters that all three start with. Text without them contains no sentinel. */
  readonly sentinelPrefix: string;
}

/**
 * Converts bytes to tokens and back. Text is split into pretokens from its start: with greedy matching, a pretoken is a
 * single token; with BPE, it consists of the tokens of a word. A pretoken depends on nothing before it and on at most
 * `lookAheadBytes` after it, so an edit changes few tokens.
 */
export interface Tokenizer {
  readonly vocabularySize: number;
  /** Maximum number of bytes after the end of a pretoken on which the pretoken depends. */
  readonly lookAheadBytes: number;
  /** The tokens of the pretoken that starts at `byteOffset`, in a text that ends at `end`. */
  pretokenAt(bytes: Uint8Array, byteOffset: number, end: number): readonly TokenMatch[];
  /** True if the pretoken that starts at `byteOffset` could change with bytes after `end`. */
  isPretokenOpen(bytes: Uint8Array, byteOffset: number, end: number): boolean;
  /** The bytes of a token; empty for ids that have no text, such as sentinels. */
  bytesOf(token: TokenId): Uint8Array;
  /** True if some vocabulary entry starts with bytes[byteOffset, end) and is longer. For token healing. */
  canExtendPast(bytes: Uint8Array, byteOffset: number, end: number): boolean;
  /** The tokens that are a prefix of `forcedBytes` or start with them. For token healing. */
  tokensCompatibleWith(forcedBytes: Uint8Array): readonly TokenId[];
  /** Byte values that encode sentinels and must be removed from any text. */
  readonly sentinelBytes: ReadonlySet<number>;
}

export interface TokenMatch {
  readonly token: TokenId;
  readonly byteLength: number;
}
