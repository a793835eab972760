import os from "node:os";
import type { Reader, State } from "../../core/model.js";
import { publishedGroupNormEps, type Dimensions } from "../architecture.js";
import type { Engine } from "../engine.js";
import { chunkWithinTime, keystrokeMs, neededGain, threadCounts } from "../measuring.js";
import type { WeightFormat } from "../weights/matrices.js";
import type { TensorSource } from "../weights/tensorSource.js";
import { loadAddon, type Addon, type ModelHandle } from "./addon.js";
import { addonTensors } from "./addonTensors.js";
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
}

const maxChunkTokens = 64;
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

  private constructor(addon: Addon, { source, dimensions, weights, instructionSet }: NativeChoice) {
    const sets = addon.instructionSets();
    const best = instructionSet ?? sets.length - 1;
    this.format = weights === "auto" ? "int8" : weights;
    this.kind = `native ${sets[best] ?? "?"}`;
    this.vocabularySize = dimensions.vocabularySize;
    this.stateBytes = stateFloats(dimensions) * Float32Array.BYTES_PER_ELEMENT;
    this.#addon = addon;
    this.#model = addon.createModel(dimensions, addonTensors(source, dimensions, this.format), best);
  }

  /**
   * Undefined where there is no addon for this platform, the model has a shape that it does not run, or the processor has
   * none of the instructions that make it worth running.
   */
  static async create(choice: NativeChoice): Promise<NativeEngine | undefined> {
    const addon = canRun(choice.dimensions) && choice.weights !== "int4" ? loadAddon() : undefined;
    if (addon === undefined) return undefined;
    // The first set is the plain one, a reference: onnxruntime is quicker than it.
    if (choice.instructionSet === undefined && addon.instructionSets().length === 1) return undefined;
    const engine = new NativeEngine(addon, choice);
    const { threads = 0 } = choice;
    engine.#useThreads(threads > 0 ? threads : await engine.#fastestThreads());
    engine.chunkTokens = await chunkWithinTime(engine);
    return engine;
  }

  /** More of them must pay: what they take, the editor lacks. */
  async #fastestThreads(): Promise<number> {
    let best = { threads: 1, ms: Infinity };
    for (const threads of threadCounts(os.availableParallelism())) {
      this.#useThreads(threads);
      const ms = await keystrokeMs(this);
      if (ms * neededGain < best.ms) best = { threads, ms };
    }
    return best.threads;
  }

  #useThreads(threads: number): void {
    this.threads = threads;
    this.#addon.setThreads(this.#model, threads);
  }

  open(from?: State): Reader {
    const reader = new NativeReader(this.#addon, this.#addon.openReader(this.#model), this);
    reader.restore(from);
    return reader;
  }

  /** The weights go with the last handle to them. */
  dispose(): Promise<void> {
    return Promise.resolve();
  }

  toString(): string {
    const threads = this.threads === 1 ? "" : `, ${this.threads} threads`;
    return `${this.kind} ${this.format}${threads}`;
  }
}

export function canRun({ version, width, headSize: own, ffnWidth, groupNormEps }: Dimensions): boolean {
  const isKnown = version === 4 || (version === 7 && own === headSize && groupNormEps === publishedGroupNormEps);
  return isKnown && width % laneFloats === 0 && ffnWidth % laneFloats === 0;
}

/** Per layer x⁻ of the time-mix, its recurrence, x⁻ of the channel-mix, as onnxruntime's graphs have it. */
function stateFloats({ version, layers, width }: Dimensions): number {
  return layers * (2 * width + (version === 4 ? 3 * width : width * headSize));
}
