import type { TokenPrefix } from "../tokens/tokenPrefix.js";
import { blockTokens } from "../tokens/tokenPrefix.js";
import type { Model, Reader, State, TokenId, Want } from "../model.js";
import type { Priority, Scheduler } from "./scheduler.js";
import type { CheckpointStore } from "./checkpointStore.js";
import type { CancellationToken } from "../../shared/cancellation.js";

/** What a reading shares with all others. */
export interface InferenceContext {
  readonly model: Model;
  readonly scheduler: Scheduler;
  readonly store: CheckpointStore;
}

/** How tokens are read in one call. */
export interface ReadOptions {
  readonly want: Exclude<Want, "all">;
  readonly cancellation: CancellationToken;
  /** Which states at the ends of blocks are kept on the way; none where absent. */
  readonly savePolicy?: SavePolicy;
}

/** Decides before a state is copied, and hears of what was kept. */
export interface SavePolicy {
  shouldSave(tokenCount: number): boolean;
  onSaved(prefix: TokenPrefix): void;
}

/** A Reader that knows what it has read, so that any state of it can become a checkpoint. */
export class CheckpointedReader {
  readonly #inference: InferenceContext;
  readonly #priority: Priority;
  readonly #reader: Reader;
  #prefix: TokenPrefix;
  #tokensRead = 0;

  constructor(inference: InferenceContext, priority: Priority, empty: TokenPrefix) {
    this.#inference = inference;
    this.#priority = priority;
    this.#reader = inference.model.open();
    this.#prefix = empty;
  }

  /** What the working state stands for. */
  get prefix(): TokenPrefix {
    return this.#prefix;
  }

  /** Tokens that runs have read through this object, ever. */
  get tokensRead(): number {
    return this.#tokensRead;
  }

  /** Goes to a checkpoint that stands for `chain`, or to the empty state. */
  restore(prefix: TokenPrefix, state: Parameters<Reader["restore"]>[0]): void {
    this.#reader.restore(state);
    this.#prefix = prefix.copy();
  }

  /**
   * Reads tokens run by run, each in its turn, saving checkpoints on the way.
   * @returns the logits of the last run, as `want` says.
   * @throws Cancelled between runs; the chain then says how far it came.
   */
  async read(tokens: readonly TokenId[], options: ReadOptions): Promise<Float32Array> {
    let logits: Float32Array = new Float32Array(0);
    for (let at = 0; at < tokens.length;) {
      const chunk = tokens.slice(at, at + this.#maxRunTokens(options));
      at += chunk.length;
      const want = at < tokens.length && options.want === "last" ? "none" : options.want;
      logits = await this.#inference.scheduler.run(this.#priority, options.cancellation, () =>
        this.#reader.feed(chunk, want, options.cancellation),
      );
      this.#prefix.push(chunk);
      this.#tokensRead += chunk.length;
      this.#saveAtBlockEnd(options.savePolicy);
    }
    return logits;
  }

  /** A copy of where it stands, to `restore` as often as wanted; no checkpoint. */
  snapshot(): { readonly prefix: TokenPrefix; readonly state: State } {
    return { prefix: this.#prefix.copy(), state: this.#reader.save() };
  }

  /** Keeps the working state as a checkpoint. The policy has decided; only now is a state copied. */
  save(): void {
    if (!this.#inference.store.has(this.#prefix)) this.#inference.store.save(this.#prefix, this.#reader.save());
  }

  #saveAtBlockEnd(savePolicy: SavePolicy | undefined): void {
    if (this.#prefix.remainder.length > 0 || savePolicy?.shouldSave(this.#prefix.tokenCount) !== true) return;
    this.save();
    savePolicy.onSaved(this.#prefix);
  }

  dispose(): void {
    this.#reader.dispose();
  }

  /** A run ends at the end of its block where a checkpoint may be due there. */
  #maxRunTokens({ savePolicy }: ReadOptions): number {
    const max = this.#inference.model.chunkTokens;
    return savePolicy === undefined ? max : Math.min(max, blockTokens - this.#prefix.remainder.length);
  }
}
