import os from "node:os";
import type { Reader, State } from "../../core/model.js";
import type { Dimensions } from "../architecture.js";
import type { Engine } from "../engine.js";
import { chunkWithinTime, keystrokeMs, minGain, threadCounts } from "../speedMeasurement.js";
import type { WeightFormat } from "../weights/matrices.js";
import type { TensorSource } from "../weights/tensorSource.js";
import { loadAddon, type Addon, type AddonRows, type ModelHandle, type TensorsHandle } from "./addon.js";
import { addonTensors, packTensors } from "./addonTensors.js";
import { NativeReader } from "./nativeReader.js";

export interface NativeChoice {
  readonly source: TensorSource;
  readonly dimensions: Dimensions;
  /** "auto": 8 bits, which is always the quicker here. */
  readonly weights: WeightFormat | "auto";
  /** 0, or absent: as many as measure fastest, up to half of the processors. */
  readonly threads?: number;
  /** Index into `instructionSets()`; the best where absent. */
  readonly instructionSet?: number;
  /** Hears fractions of the way. */
  readonly onProgress?: (fraction: number) => void;
}

const maxChunkTokens = 64;
/** native/binding/loading.cpp takes no more. */
const maxThreads = 64;
const headSize = 64;
/** Widths are whole vectors of the kernels. */
const laneFloats = 16;

/** Our own engine (native/): one set of weights, packed for this machine's instructions. */
export class NativeEngine implements Engine {
  readonly format: WeightFormat;
  threads = 1;
  readonly kind: string;
  readonly vocabularySize: number;
  readonly stateBytes: number;
  chunkTokens = maxChunkTokens;
  readonly #addon: Addon;
  readonly #model: ModelHandle;

  private constructor(addon: Addon, tensors: TensorsHandle, { dimensions, weights, instructionSet }: NativeChoice) {
    const sets = addon.instructionSets();
    const best = instructionSet ?? sets.length - 1;
    this.format = formatOf(weights);
    this.kind = `native ${sets[best] ?? "?"}`;
    this.vocabularySize = dimensions.vocabularySize;
    this.stateBytes = stateFloats(dimensions) * Float32Array.BYTES_PER_ELEMENT;
    this.#addon = addon;
    try {
      this.#model = addon.createModel(dimensions, tensors, best);
    } finally {
      addon.close(tensors);
    }
  }

  /**
   * With the best instructions of this processor, or those that are chosen.
   * @throws Error if there is no addon for this platform, or it does not run a model of this shape.
   */
  static async create(choice: NativeChoice): Promise<NativeEngine> {
    const addon = loadAddon();
    if (addon === undefined) throw new Error("there is no addon for this platform");
    if (!canRun(choice.dimensions)) throw new Error("the native engine runs no model of this shape");
    const { source, dimensions, weights, threads = 0 } = choice;
    const parts = addonTensors(source, dimensions, formatOf(weights));
    const engine = new NativeEngine(addon, await packTensors(addon, parts, progressOf(choice)), choice);
    try {
      engine.#useThreads(threads > 0 ? threads : await engine.#fastestThreads());
      engine.chunkTokens = await chunkWithinTime(engine);
      return engine;
    } catch (error) {
      await engine.dispose();
      throw error;
    }
  }

  /** More of them must pay: what they take, the editor lacks. */
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
  }

  open(from?: State): Reader {
    const reader = new NativeReader(this.#addon, this.#addon.openReader(this.#model), this);
    reader.restore(from);
    return reader;
  }

  /** The weights go now, or with the last of the readers. */
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

/** Told by the values that are packed; all of them are, before the machine is measured. */
function progressOf({ source, onProgress }: NativeChoice): (rows: AddonRows) => void {
  const values = (name: string): number => source.shape(name).reduce((product, length) => product * length, 1);
  const all = source.names.reduce((sum, name) => sum + values(name), 0);
  let packed = 0;
  return (rows) => {
    packed += rows.values.length;
    onProgress?.(Math.min(1, packed / all));
  };
}

/** Whether this processor has the instructions that make the addon fast; without them its plain kernels run. */
export function hasFastKernels(): boolean {
  return (loadAddon()?.instructionSets().length ?? 0) > 1;
}

export function canRun({ version, width, headSize: own, ffnWidth }: Dimensions): boolean {
  const isOfLanes = [width, ffnWidth, own].every((length) => length % laneFloats === 0);
  return isOfLanes && (version !== 7 || own === headSize);
}

/** Per layer x⁻ of the time-mix, its recurrence, x⁻ of the channel-mix, as onnxruntime's graphs have it. */
function stateFloats({ version, layers, width, headSize: own }: Dimensions): number {
  return layers * (2 * width + width * (version === 4 ? 3 : own));
}
