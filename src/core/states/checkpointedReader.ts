import { now } from "../platform.js";
import type { TokenPrefix } from "../tokens/tokenPrefix.js";
import { blockTokens } from "../tokens/tokenPrefix.js";
import type { AnyState, Model, Reader, State, TokenId, Want } from "../model.js";
import type { Priority, Scheduler } from "./scheduler.js";
import type { Checkpoint } from "./checkpoint.js";
import type { CheckpointStore } from "./checkpointStore.js";
import type { CancellationToken } from "../../shared/cancellation.js";

/** What all readers share: model, scheduler and checkpoint store. */
export interface InferenceContext {
  readonly model: Model;
  readonly scheduler: Scheduler;
  readonly store: CheckpointStore;
}

export interface ReadOptions {
  readonly want: Exclude<Want, "all">;
  readonly cancellation: CancellationToken;
  /** Decides which states at the ends of blocks are saved; without it, none are. */
  readonly savePolicy?: SavePolicy;
}

/** Decides whether a state is saved. Called before the state is copied, because copying is costly. */
export interface SavePolicy {
  /** @param isRounded whether the state was packed at some time. */
  shouldSave(tokenCount: number, stateBytes: number, isRounded: boolean): boolean;
  onSaved(checkpoint: Checkpoint): void;
}

/** A Reader that knows the tokens it has read, so that its state can be saved as a checkpoint at any time. */
export class CheckpointedReader {
  readonly #inference: InferenceContext;
  readonly #priority: Priority;
  readonly #reader: Reader;
  #prefix: TokenPrefix;
  readonly #clock: () => number;
  #tokensRead = 0;
  #busyMs = 0;

  /** @param clock returns milliseconds; defaults to `now` of platform.ts. */
  constructor(inference: InferenceContext, priority: Priority, empty: TokenPrefix, clock = now) {
    this.#inference = inference;
    this.#priority = priority;
    this.#clock = clock;
    this.#reader = inference.model.open();
    this.#prefix = empty;
  }

  /** The tokens that the working state has read. */
  get prefix(): TokenPrefix {
    return this.#prefix;
  }

  /** Total number of tokens that this object has read. */
  get tokensRead(): number {
    return this.#tokensRead;
  }

  /** Total time of this object's runs, without the time that they waited for others. */
  get busyMs(): number {
    return this.#busyMs;
  }

  /** Continues from the state that has read `prefix`; `state` is undefined for the empty prefix. */
  restore(prefix: TokenPrefix, state: Parameters<Reader["restore"]>[0]): void {
    this.#reader.restore(state);
    this.#prefix = prefix.copy();
  }

  /**
   * Reads tokens run by run through the scheduler, and saves checkpoints on the way if there is a save policy.
   * @returns the logits of the last run, as `want` selects; empty for "none".
   * @throws Cancelled after the last complete run; `prefix` tells what has been read.
   */
  async read(tokens: readonly TokenId[], options: ReadOptions): Promise<Float32Array> {
    let logits: Float32Array = new Float32Array(0);
    for (let at = 0; at < tokens.length;) {
      const chunk = tokens.slice(at, at + this.#maxRunTokens(options));
      at += chunk.length;
      const want = at < tokens.length && options.want === "last" ? "none" : options.want;
      logits = await this.#inference.scheduler.run(this.#priority, options.cancellation, () =>
        this.#feed(chunk, want, options.cancellation),
      );
      this.#prefix.push(chunk);
      this.#tokensRead += chunk.length;
      this.#saveAtBlockEnd(options.savePolicy);
    }
    return logits;
  }

  async #feed(...run: Parameters<Reader["feed"]>): Promise<Float32Array> {
    const startMs = this.#clock();
    try {
      return await this.#reader.feed(...run);
    } finally {
      this.#busyMs += this.#clock() - startMs;
    }
  }

  /** A copy of the state and its prefix, not kept in the store; `restore` accepts it any number of times. */
  snapshot(): { readonly prefix: TokenPrefix; readonly state: State } {
    return { prefix: this.#prefix.copy(), state: this.#reader.save() };
  }

  /** The relative distance of the working state from another one; 0 if they are equal (`Reader.distanceTo`). */
  distanceTo(state: AnyState): number {
    return this.#reader.distanceTo(state);
  }

  /** Keeps the working state as a checkpoint; undefined if it is too large for the store. */
  save(): Checkpoint | undefined {
    const { store } = this.#inference;
    return store.get(this.#prefix) ?? store.save(this.#prefix, this.#reader.save());
  }

  #saveAtBlockEnd(savePolicy: SavePolicy | undefined): void {
    if (this.#prefix.remainder.length > 0) return;
    const { tokenCount, isRounded } = this.#prefix;
    if (savePolicy?.shouldSave(tokenCount, this.#inference.model.stateBytes, isRounded) !== true) return;
    const checkpoint = this.save();
    if (checkpoint !== undefined) savePolicy.onSaved(checkpoint);
  }

  dispose(): void {
    this.#reader.dispose();
  }

  /** With a save policy, a run does not extend past the end of a block, where a checkpoint may be saved. */
  #maxRunTokens({ savePolicy }: ReadOptions): number {
    const max = this.#inference.model.chunkTokens;
    return savePolicy === undefined ? max : Math.min(max, blockTokens - this.#prefix.remainder.length);
  }
}
