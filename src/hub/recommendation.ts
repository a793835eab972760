import type { CatalogueModel } from "./catalogue.js";
import { memoryBytes } from "./requirements.js";

/** A published model, and how fast it writes on this machine. */
export interface Candidate {
  readonly model: Pick<CatalogueModel, "name" | "parameters" | "chat">;
  /** Measured or expected; undefined if not known. */
  readonly tokensPerSecond: number | undefined;
}

/** About as fast as most people read. */
const minTokensPerSecond = 10;

/** Share of the memory that a recommended model may use. The rest is left to the editor and other programs. */
const maxShare = 0.5;

/**
 * Chooses the model to recommend for a machine: the largest model that can chat, writes at least as fast as people
 * read, and needs at most half of the memory.
 * @returns its name; undefined if there is none, or if no speed is known.
 */
export function recommendedModel(candidates: readonly Candidate[], machineBytes: number): string | undefined {
  const suitable = candidates.filter(
    ({ model, tokensPerSecond = 0 }) =>
      model.chat !== "none" && tokensPerSecond >= minTokensPerSecond && memoryBytes(model) <= maxShare * machineBytes,
  );
  return suitable.toSorted((a, b) => b.model.parameters - a.model.parameters)[0]?.model.name;
}
