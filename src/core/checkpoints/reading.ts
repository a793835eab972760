import type { TokenChain } from "../document/tokenChain.js";
import { blockTokens } from "../document/tokenChain.js";
import type { CancellationToken, Model, Reader, State, TokenId, Want } from "../model.js";
import type { Priority, Scheduler } from "../scheduler.js";
import type { CheckpointStore } from "./store.js";

/** What a reading shares with all others. */
export interface ReadingRoom {
  readonly model: Model;
  readonly scheduler: Scheduler;
  readonly store: CheckpointStore;
}

/** How tokens are read in one call. */
export interface ReadOptions {
  readonly want: Exclude<Want, "all">;
  readonly cancellation: CancellationToken;
  /** Which states at the ends of blocks are kept on the way; none where absent. */
  readonly saving?: SavePolicy;
}

/** Decides before a state is copied, and hears of what was kept. */
export interface SavePolicy {
  isWorthSaving(tokenCount: number): boolean;
  saved(chain: TokenChain): void;
}

/** A Reader that knows what it has read, so that any state of it can become a checkpoint. */
export class Reading {
  readonly #room: ReadingRoom;
  readonly #priority: Priority;
  readonly #reader: Reader;
  #chain: TokenChain;
  #tokensRead = 0;

  constructor(room: ReadingRoom, priority: Priority, empty: TokenChain) {
    this.#room = room;
    this.#priority = priority;
    this.#reader = room.model.open();
    this.#chain = empty;
  }

  /** What the working state stands for. */
  get chain(): TokenChain {
    return this.#chain;
  }

  /** Tokens that runs have read through this object, ever. */
  get tokensRead(): number {
    return this.#tokensRead;
  }

  /** Goes to a checkpoint that stands for `chain`, or to the empty state. */
  restore(chain: TokenChain, state: Parameters<Reader["restore"]>[0]): void {
    this.#reader.restore(state);
    this.#chain = chain.copy();
  }

  /**
   * Reads tokens run by run, each in its turn, saving checkpoints on the way.
   * @returns the logits of the last run, as `want` says.
   * @throws Cancelled between runs; the chain then says how far it came.
   */
  async read(tokens: readonly TokenId[], options: ReadOptions): Promise<Float32Array> {
    let logits: Float32Array = new Float32Array(0);
    for (let at = 0; at < tokens.length;) {
      const chunk = tokens.slice(at, at + this.#runTokens(options));
      at += chunk.length;
      const want = at < tokens.length && options.want === "last" ? "none" : options.want;
      logits = await this.#room.scheduler.run(this.#priority, options.cancellation, () =>
        this.#reader.feed(chunk, want, options.cancellation),
      );
      this.#chain.push(chunk);
      this.#tokensRead += chunk.length;
      this.#saveAtBlockEnd(options.saving);
    }
    return logits;
  }

  /** A copy of where it stands, to `restore` as often as wanted; no checkpoint. */
  mark(): { readonly chain: TokenChain; readonly state: State } {
    return { chain: this.#chain.copy(), state: this.#reader.save() };
  }

  /** Keeps the working state as a checkpoint. The policy has decided; only now is a state copied. */
  save(): void {
    if (!this.#room.store.has(this.#chain)) this.#room.store.save(this.#chain, this.#reader.save());
  }

  #saveAtBlockEnd(saving: SavePolicy | undefined): void {
    if (this.#chain.remainder.length > 0 || saving?.isWorthSaving(this.#chain.tokenCount) !== true) return;
    this.save();
    saving.saved(this.#chain);
  }

  dispose(): void {
    this.#reader.dispose();
  }

  /** A run ends at the end of its block where a checkpoint may be due there. */
  #runTokens({ saving }: ReadOptions): number {
    const most = this.#room.model.chunkTokens;
    return saving === undefined ? most : Math.min(most, blockTokens - this.#chain.remainder.length);
  }
}
