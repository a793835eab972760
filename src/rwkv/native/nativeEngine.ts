import os from "node:os";
import type { AnyState, LogitsSummary, PackedState, Reader, State } from "../../core/model.js";
import type { Dimensions } from "../architecture.js";
import type { Engine } from "../engine.js";
import { chunkWithinTime, keystrokeMs, minGain, stepMs, threadCounts } from "../speedMeasurement.js";
import type { WeightFormat } from "../weights/matrices.js";
import type { TensorSource } from "../weights/tensorSource.js";
import { loadAddon, type Addon, type AddonRows, type ModelHandle, type TensorsHandle } from "./addon.js";
import { addonTensors, packTensors } from "./addonTensors.js";
import { maxStepMs, NativeReader } from "./nativeReader.js";

export interface NativeChoice {
  readonly source: TensorSource;
  readonly dimensions: Dimensions;
  /** "auto" is int8, which is faster than fp32 and more exact than int4. */
  readonly weights: WeightFormat | "auto";
  /**
   * Number of threads; 0 or undefined to measure several numbers, up to half of the processors, and use the fastest.
   */
  readonly threads?: number;
  /** Index into `instructionSets()`; defaults to the fastest. */
  readonly instructionSet?: number;
  /** Receives the fraction done, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

const maxChunkTokens = 64;
/** Must equal the limit in native/binding/loading.cpp. */
const maxThreads = 64;
/** The kernels of RWKV-7 support only this head size. */
const headSize7 = 64;
/** Widths and head sizes must be multiples of the kernels' vector length. */
const laneFloats = 16;

/** A model in the native engine (native/), with weights that are packed for this processor's instruction set. */
export class NativeEngine implements Engine {
  readonly format: WeightFormat;
  threads = 1;
  readonly kind: string;
  readonly vocabularySize: number;
  readonly stateBytes: number;
  readonly packedStateBytes: number | undefined;
  chunkTokens = maxChunkTokens;
  /**
   * True if single tokens are read on the main thread. In a fast model, handing a token to another thread and back can
   * take as long as reading it. The event loop can still handle messages between two tokens.
   */
  stepsOnMainThread = false;
  readonly #addon: Addon;
  readonly #model: ModelHandle;
  readonly #summary = new Float64Array(3);

  private constructor(addon: Addon, tensors: TensorsHandle, { dimensions, weights, instructionSet }: NativeChoice) {
    const sets = addon.instructionSets();
    const best = instructionSet ?? sets.length - 1;
    this.format = formatOf(weights);
    this.kind = `native ${sets[best] ?? "?"}`;
    this.vocabularySize = dimensions.vocabularySize;
    this.stateBytes = stateFloats(dimensions) * Float32Array.BYTES_PER_ELEMENT;
    this.packedStateBytes = dimensions.version === 4 ? undefined : packedBytes(stateFloats(dimensions));
    this.#addon = addon;
    try {
      this.#model = addon.createModel(dimensions, tensors, best);
    } finally {
      addon.close(tensors);
    }
  }

  /** @throws Error if there is no addon for this platform, or the engine does not support a model of this shape. */
  static async create(choice: NativeChoice): Promise<NativeEngine> {
    const addon = loadAddon();
    if (addon === undefined) throw new Error("there is no addon for this platform");
    if (!canRun(choice.dimensions)) throw new Error("the native engine does not support a model of this shape");
    const { source, dimensions, weights, threads = 0 } = choice;
    const parts = addonTensors(source, dimensions, formatOf(weights));
    const engine = new NativeEngine(addon, await packTensors(addon, parts, progressOf(choice)), choice);
    try {
      engine.#useThreads(threads > 0 ? threads : await engine.#fastestThreads());
      engine.chunkTokens = await chunkWithinTime(engine);
      engine.stepsOnMainThread &&= (await stepMs(engine)) < maxStepMs;
      return engine;
    } catch (error) {
      await engine.dispose();
      throw error;
    }
  }

  /** Prefers fewer threads unless more are clearly faster, because the editor needs the processors too. */
  async #fastestThreads(): Promise<number> {
    let best = { threads: 1, ms: Infinity };
    for (const threads of threadCounts(Math.min(os.availableParallelism(), 2 * maxThreads))) {
      this.#useThreads(threads);
      const ms = await keystrokeMs(this);
      if (ms * minGain < best.ms) best = { threads, ms };
    }
    return best.threads;
  }

  #useThreads(threads: number): void {
    this.threads = Math.min(threads, maxThreads);
    this.#addon.setThreads(this.#model, this.threads);
    this.stepsOnMainThread = this.threads === 1; // with more threads, the main thread would have to wait for them
  }

  readonly summarize = (logits: Float32Array): LogitsSummary => {
    this.#addon.summarize(this.#model, logits, this.#summary);
    const [top = 0, logSum = 0, entropy = 0] = this.#summary;
    return { top, logSum, entropy };
  };

  open(from?: AnyState): Reader {
    const reader = new NativeReader(this.#addon, this.#addon.openReader(this.#model), this);
    reader.restore(from);
    return reader;
  }

  pack(state: State): PackedState | undefined {
    if (this.packedStateBytes === undefined) return undefined;
    const data = new Uint8Array(this.packedStateBytes);
    return this.#addon.packState(state.data, data) ? { data } : undefined;
  }

  /** Frees the weights. If readers are still open, this happens only when the last one is closed. */
  dispose(): Promise<void> {
    this.#addon.close(this.#model);
    return Promise.resolve();
  }

  toString(): string {
    const threads = this.threads === 1 ? "" : `, ${this.threads} threads`;
    return `${this.kind} ${this.format}${threads}`;
  }
}

function formatOf(weights: WeightFormat | "auto"): WeightFormat {
  return weights === "auto" ? "int8" : weights;
}

/** Reports the fraction of values that have been packed. The speed measurement afterwards is not included. */
function progressOf({ source, onProgress }: NativeChoice): (rows: AddonRows) => void {
  const values = (name: string): number => source.shape(name).reduce((product, length) => product * length, 1);
  const all = source.names.reduce((sum, name) => sum + values(name), 0);
  let packed = 0;
  return (rows) => {
    packed += rows.values.length;
    onProgress?.(Math.min(1, packed / all));
  };
}

/** True if this processor supports more than the plain kernels. */
export function hasFastKernels(): boolean {
  return (loadAddon()?.instructionSets().length ?? 0) > 1;
}

/** True if the native engine supports a model of this shape. */
export function canRun({ version, width, headSize, ffnWidth }: Dimensions): boolean {
  const fitsLanes = [width, ffnWidth, headSize].every((length) => length % laneFloats === 0);
  return fitsLanes && (version !== 7 || headSize === headSize7);
}

/** Size of a packed state (native/engine/packed_state.h): a float for each 64 numbers, then a byte for each number. */
function packedBytes(floats: number): number {
  return Math.ceil(floats / 64) * Float32Array.BYTES_PER_ELEMENT + floats;
}

/**
 * Number of floats in a state. Per layer, it has the previous inputs of time-mix and channel-mix and the recurrent
 * state, in the same layout as in the onnxruntime graphs.
 */
function stateFloats({ version, layers, width, headSize }: Dimensions): number {
  return layers * (2 * width + width * (version === 4 ? 3 : headSize));
}
