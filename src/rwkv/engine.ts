import type { Reader, State } from "../core/model.js";
import type { WeightFormat } from "./weights/matrices.js";

/** One set of weights ready to run; all Readers share it. */
export interface Engine {
  /** What it is made of, for a model's id: two engines of one kind compute the same. */
  readonly kind: string;
  readonly format: WeightFormat;
  readonly threads: number;
  readonly vocabularySize: number;
  readonly stateBytes: number;
  /** The most tokens of one run. */
  chunkTokens: number;
  open(from?: State): Reader;
  dispose(): Promise<void>;
  /** For people. */
  toString(): string;
}

/** "auto": ours where it runs here, otherwise onnxruntime. */
export type EngineName = "auto" | "native" | "onnxruntime";
