import { type AnyState, isPacked, type Reader, type State, type TokenId, type Want } from "../../core/model.js";
import type { Engine } from "../engine.js";
import { feedInChunks } from "../feedInChunks.js";
import type { Addon, ReaderHandle } from "./addon.js";
import { Cancelled, type CancellationToken } from "../../shared/cancellation.js";

const wantCodes = { none: 0, last: 1, all: 2 } as const;

/** The part of an engine that its readers use. */
interface EngineFacts extends Pick<Engine, "chunkTokens" | "vocabularySize" | "stateBytes" | "packedStateBytes"> {
  /** Whether single tokens are read on the main thread. */
  readonly stepsOnMainThread: boolean;
}

/** If reading a token takes longer than this, it is better done on another thread. */
export const maxStepMs = 1;
/**
 * After a step that took longer than `maxStepMs`, this many tokens are read on another thread, because the machine may
 * have become slow.
 */
const tokensAfterSlowStep = 256;

/** A working state in the addon's memory. */
export class NativeReader implements Reader {
  readonly #addon: Addon;
  readonly #handle: ReaderHandle;
  readonly #engine: EngineFacts;
  /** The logits of the last token that was read on the main thread. */
  #stepLogits: Float32Array | undefined;
  /** Number of tokens to read on another thread before a step is tried again. */
  #tokensElsewhere = 0;

  constructor(addon: Addon, handle: ReaderHandle, engine: EngineFacts) {
    this.#addon = addon;
    this.#handle = handle;
    this.#engine = engine;
  }

  async feed(tokens: readonly TokenId[], want: Want, cancellation: CancellationToken): Promise<Float32Array> {
    const { chunkTokens, vocabularySize } = this.#engine;
    const listening = cancellation.onCancellationRequested?.(() => {
      this.#addon.cancel(this.#handle);
    });
    try {
      return await feedInChunks(tokens, want, { chunkTokens, vocabularySize, cancellation }, async (chunk, wanted) => {
        const [token] = chunk;
        if (token !== undefined && chunk.length === 1 && wanted === "last" && this.#mayStep()) return this.#step(token);
        const logits = await this.#addon.run(this.#handle, Int32Array.from(chunk), wantCodes[wanted]);
        if (logits === undefined) throw new Cancelled();
        return logits;
      });
    } finally {
      listening?.dispose();
    }
  }

  #mayStep(): boolean {
    if (!this.#engine.stepsOnMainThread) return false;
    if (this.#tokensElsewhere === 0) return true;
    this.#tokensElsewhere--;
    return false;
  }

  #step(token: TokenId): Float32Array {
    this.#stepLogits ??= new Float32Array(this.#engine.vocabularySize);
    const startMs = performance.now();
    this.#addon.step(this.#handle, token, this.#stepLogits);
    if (performance.now() - startMs > maxStepMs) this.#tokensElsewhere = tokensAfterSlowStep;
    return this.#stepLogits;
  }

  save(): State {
    const data = new Float32Array(this.#engine.stateBytes / Float32Array.BYTES_PER_ELEMENT);
    this.#addon.save(this.#handle, data);
    return { data };
  }

  restore(state: AnyState | undefined): void {
    if (state !== undefined) this.#checkSize(state);
    this.#addon.restore(this.#handle, state?.data);
  }

  distanceTo(state: AnyState): number {
    return this.#addon.distance(this.#handle, state.data);
  }

  dispose(): void {
    this.#addon.close(this.#handle);
  }

  #checkSize(state: AnyState): void {
    const { stateBytes, packedStateBytes } = this.#engine;
    const expected = isPacked(state) ? packedStateBytes : stateBytes;
    const { byteLength } = state.data;
    if (byteLength === expected) return;
    throw new RangeError(`the state has ${byteLength} bytes, not ${expected ?? 0}; it belongs to another model`);
  }
}
