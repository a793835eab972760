import type { Calibration } from "../../src/core/calibration.js";
import { isPacked } from "../../src/core/model.js";
import type {
  AnyState,
  ChatFormat,
  Model,
  PackedState,
  PromptFormat,
  Reader,
  State,
  TokenId,
  Want,
} from "../../src/core/model.js";
import { prefixFormat, starterTokenizer, textOf } from "./tokenizer.js";
import { type CancellationToken, throwIfCancelled } from "../../src/shared/cancellation.js";

export interface FakeModelOptions {
  /**
   * The text that the model knows by heart. If the end of what the model has read occurs in this text, the model
   * continues with what follows there.
   */
  readonly knows?: string;
  readonly prompt?: PromptFormat;
  readonly calibration?: Calibration;
  readonly chunkTokens?: number;
  readonly prefillTokensPerSecond?: number;
  /**
   * Two states converge (their distance is small) if at least this many of their last tokens are equal; 256 by default.
   */
  readonly remembersTokens?: number;
  readonly chat?: ChatFormat;
  /** Numbers in a state; 16 by default. */
  readonly stateFloats?: number;
  /** The margin of the highest logit over the next; 1 by default. If it is large, sampling always draws that token. */
  readonly margin?: number;
  /** Called when a run begins. If it returns a promise, the run waits for that. */
  readonly onRun?: (tokens: readonly TokenId[]) => Promise<void> | void;
}

/** A model whose state is the exact sequence of tokens it has read. Counts its runs. */
export class FakeModel implements Model {
  readonly id = "fake";
  readonly name = "fake";
  readonly engine = "none";
  readonly tokenizer = starterTokenizer;
  readonly prompt: PromptFormat;
  readonly chat: ChatFormat;
  readonly calibration: Calibration | undefined;
  readonly notes: readonly string[] = [];
  readonly stateBytes: number;
  readonly packedStateBytes: number;
  readonly chunkTokens: number;
  readonly tokensPerSecond = 1000;
  /** Not readonly: a real model measures this speed, so it varies with the load of the machine. */
  prefillTokensPerSecond: number;
  /** The number of tokens of each run, in order. */
  readonly runs: number[] = [];
  readonly #sequences: (readonly TokenId[])[] = [[]];
  readonly #options: FakeModelOptions;

  constructor(options: FakeModelOptions = {}) {
    this.#options = options;
    const { stateFloats = 16 } = options;
    this.stateBytes = 4 * stateFloats;
    this.packedStateBytes = 4 + stateFloats;
    this.prompt = options.prompt ?? prefixFormat;
    this.calibration = options.calibration;
    this.chunkTokens = options.chunkTokens ?? 64;
    this.chat = options.chat ?? "none";
    this.prefillTokensPerSecond = options.prefillTokensPerSecond ?? 10_000;
  }

  open(from?: AnyState): Reader {
    let read = this.#sequenceOf(from);
    return {
      feed: async (tokens: readonly TokenId[], want: Want, cancellation: CancellationToken) => {
        throwIfCancelled(cancellation);
        if (tokens.length > this.chunkTokens) throw new Error(`a run of ${tokens.length} tokens`);
        this.runs.push(tokens.length);
        await this.#options.onRun?.(tokens);
        read = [...read, ...tokens];
        return want === "none" ? new Float32Array() : this.logitsAfter(read);
      },
      save: () => this.#stateOf(read),
      restore: (state) => {
        read = this.#sequenceOf(state);
      },
      distanceTo: (state) => {
        const other = this.#sequenceOf(state);
        let equal = 0;
        while (equal < read.length && equal < other.length && read.at(-1 - equal) === other.at(-1 - equal)) equal++;
        return read.length === other.length && equal === read.length
          ? 0
          : equal < (this.#options.remembersTokens ?? 256)
            ? 1
            : 0.01;
      },
      dispose: () => undefined,
    };
  }

  /**
   * Each number in a state is the index of the state's token sequence. A packed state keeps one of these numbers, as
   * its scale.
   */
  pack({ data }: State): PackedState {
    const packed = new Uint8Array(this.packedStateBytes);
    new Float32Array(packed.buffer, 0, 1).set(data.subarray(0, 1));
    return { data: packed };
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  /** The tokens that a state has read. */
  tokensOf(state: AnyState): readonly TokenId[] {
    return this.#sequenceOf(state);
  }

  /**
   * Gives a high logit to each token that is a prefix of the known continuation, and the highest to the longest one. If
   * there is no continuation, the end token gets the highest logit.
   */
  logitsAfter(read: readonly TokenId[]): Float32Array {
    const logits = new Float32Array(this.tokenizer.vocabularySize);
    const next = Buffer.from(continuation(textOf(this.tokenizer, read.slice(-24)), this.#options.knows ?? ""));
    const { margin = 1 } = this.#options;
    if (next.length === 0) logits[0] = margin;
    for (let length = 1; length <= next.length; length++) {
      const { token, byteLength } = this.tokenizer.pretokenAt(next, 0, length)[0]!;
      if (byteLength === length) logits[token] = margin * (1 + length);
    }
    return logits;
  }

  #stateOf(read: readonly TokenId[]): State {
    this.#sequences.push(read);
    return { data: new Float32Array(this.stateBytes / 4).fill(this.#sequences.length - 1) };
  }

  #sequenceOf(state: AnyState | undefined): readonly TokenId[] {
    if (state === undefined) return [];
    const { data } = state;
    const [sequence] = isPacked(state) ? new Float32Array(data.buffer, data.byteOffset, 1) : data;
    return this.#sequences[sequence!]!;
  }
}

function continuation(read: string, known: string): string {
  for (let length = Math.min(read.length, 40); length >= 3; length--) {
    const at = known.indexOf(read.slice(-length));
    if (at >= 0) return known.slice(at + length);
  }
  return "";
}
