import os from "node:os";
import type { CatalogueModel } from "./catalogue.js";

/**
 * In our layout, 32 weights of one byte share an fp32 scale. GGUF's Q8_0 has fp16 scales, but is converted to our
 * layout.
 */
const bytesPerWeight = 36 / 32;
const worldTokens = 65_536;

/**
 * Estimates the memory that a model needs to run with 8-bit weights, without checkpoints. Measurements of models with
 * 0.1 and 0.4 billion parameters are close to the estimate.
 */
export function memoryBytes({ parameters }: Pick<CatalogueModel, "parameters">): number {
  return 1.1 * parameters * bytesPerWeight + 150e6;
}

/** Bytes that decoding a token reads: all weights except the embedding, of which only one row is read. */
function bytesPerToken({ parameters, width }: Pick<CatalogueModel, "parameters" | "width">): number {
  return (parameters - worldTokens * width) * bytesPerWeight;
}

/** Share of the memory bandwidth that our engine uses; measured as 0.63 to 0.84 (docs/MODELS.md). */
const reachedShare = 0.7;

/** @param bandwidth memory bandwidth in bytes per second. */
export function expectedTokensPerSecond(
  model: Pick<CatalogueModel, "parameters" | "width">,
  bandwidth: number,
): number {
  return (reachedShare * bandwidth) / bytesPerToken(model);
}

/** Memory of the machine, or the container's limit if that is lower. */
export function machineMemoryBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(os.totalmem(), constrained) : os.totalmem();
}

/** Share of the memory that a model may use, because the editor and the system need some as well. */
const usableShare = 0.8;

export function fitsMemory(model: Pick<CatalogueModel, "parameters">, machineBytes: number): boolean {
  return memoryBytes(model) <= usableShare * machineBytes;
}
