import type { AnyState, Model, PackedState, Reader, State } from "../core/model.js";
import type { WeightFormat } from "./weights/matrices.js";

/** A set of weights ready to run, shared by all its Readers. */
export interface Engine {
  /** Part of the model's id. Engines of the same kind compute the same results; others round differently. */
  readonly kind: string;
  readonly format: WeightFormat;
  readonly threads: number;
  readonly vocabularySize: number;
  readonly stateBytes: number;
  /** Undefined if the engine cannot pack states. */
  readonly packedStateBytes: number | undefined;
  /** Maximum number of tokens per run. */
  chunkTokens: number;
  /** See Model.summarize. */
  readonly summarize?: Model["summarize"];
  open(from?: AnyState): Reader;
  /** See Model.pack. */
  pack(state: State): PackedState | undefined;
  dispose(): Promise<void>;
  /** A description of the engine for the user. */
  toString(): string;
}

/** "auto": the native engine if it runs here with fast kernels, otherwise the faster of the engines that run. */
export type EngineName = "auto" | "native" | "onnxruntime";
