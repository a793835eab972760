import type { InferenceSession } from "onnxruntime-node";
import type { AnyState, Reader } from "../../core/model.js";
import type { Dimensions } from "../architecture.js";
import type { Engine } from "../engine.js";
import type { WeightFormat } from "../weights/matrices.js";
import type { StatePart } from "./block.js";
import type { ModelGraph } from "./modelGraph.js";
import type { OrtModule } from "./onnxruntime.js";
import { OrtReader, stateFloats } from "./ortReader.js";
import { createSession } from "./session.js";

/** A model's graph, with the dimensions and the weight format that it was built for. */
export interface EngineSource {
  readonly ort: OrtModule;
  readonly graph: ModelGraph;
  readonly dimensions: Dimensions;
  readonly format: WeightFormat;
}

/** The activations of longer runs would not fit into the processor's cache (docs/RWKV.md §7). */
const maxChunkTokens = 64;

/** An onnxruntime session with a set of weights, shared by all Readers. */
export class OrtEngine implements Engine {
  readonly kind = "onnxruntime";
  readonly #source: Omit<EngineSource, "graph">;
  readonly #parts: readonly StatePart[];
  readonly #session: InferenceSession;
  readonly threads: number;
  /** At most `maxChunkTokens`; set after runs have been measured. */
  chunkTokens = maxChunkTokens;

  private constructor(source: EngineSource, session: InferenceSession, threads: number) {
    const { graph, ...withoutGraph } = source; // the session has copied the graph's bytes
    this.#source = withoutGraph;
    this.#parts = graph.state;
    this.#session = session;
    this.threads = threads;
  }

  static async create(source: EngineSource, threads: number): Promise<OrtEngine> {
    return new OrtEngine(source, await createSession(source.ort, source.graph, threads), threads);
  }

  get format(): WeightFormat {
    return this.#source.format;
  }

  get vocabularySize(): number {
    return this.#source.dimensions.vocabularySize;
  }

  get stateBytes(): number {
    return stateFloats(this.#parts) * Float32Array.BYTES_PER_ELEMENT;
  }

  /** Only the native engine packs states. */
  readonly packedStateBytes = undefined;

  pack(): undefined {
    return undefined;
  }

  open(from?: AnyState): Reader {
    const { ort } = this.#source;
    const { vocabularySize, chunkTokens } = this;
    const reader = new OrtReader({ ort, session: this.#session, parts: this.#parts, vocabularySize, chunkTokens });
    reader.restore(from);
    return reader;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }

  toString(): string {
    return `onnxruntime ${this.format}, ${this.threads} ${this.threads === 1 ? "thread" : "threads"}`;
  }
}
