import {
  throwIfCancelled,
  type CancellationToken,
  type Reader,
  type State,
  type TokenId,
  type Want,
} from "../../core/model.js";
import type { Engine } from "../engine.js";
import type { Addon, ReaderHandle } from "./addon.js";

/** A working state in the addon's memory. */
export class NativeReader implements Reader {
  readonly #addon: Addon;
  readonly #handle: ReaderHandle;
  readonly #engine: Pick<Engine, "chunkTokens" | "vocabularySize" | "stateBytes">;

  constructor(
    addon: Addon,
    handle: ReaderHandle,
    engine: Pick<Engine, "chunkTokens" | "vocabularySize" | "stateBytes">,
  ) {
    this.#addon = addon;
    this.#handle = handle;
    this.#engine = engine;
  }

  async feed(tokens: readonly TokenId[], want: Want, cancellation: CancellationToken): Promise<Float32Array> {
    const { chunkTokens, vocabularySize } = this.#engine;
    const all = new Float32Array(want === "all" ? tokens.length * vocabularySize : 0);
    let logits: Float32Array = all;
    for (let at = 0; at < tokens.length; at += chunkTokens) {
      throwIfCancelled(cancellation);
      const chunk = Int32Array.from(tokens.slice(at, at + chunkTokens));
      const isLast = at + chunkTokens >= tokens.length;
      logits = await this.#addon.run(this.#handle, chunk, want === "all" ? 2 : want === "last" && isLast ? 1 : 0);
      if (want === "all") all.set(logits, at * vocabularySize);
    }
    return want === "all" ? all : logits;
  }

  save(): State {
    const data = new Float32Array(this.#floats);
    this.#addon.save(this.#handle, data);
    return { data };
  }

  restore(state: State | undefined): void {
    if (state !== undefined && state.data.length !== this.#floats) {
      throw new RangeError(`a state of ${state.data.length} floats, not ${this.#floats}: of another model`);
    }
    this.#addon.restore(this.#handle, state?.data);
  }

  /** Its memory goes with the handle. */
  dispose(): void {
    return undefined;
  }

  get #floats(): number {
    return this.#engine.stateBytes / Float32Array.BYTES_PER_ELEMENT;
  }
}
