import { type Model, type TokenId } from "../src/core/model.js";
import { quantile } from "../src/core/statistics.js";
import { neverCancelled } from "../src/shared/cancellation.js";

export interface RunSpeeds {
  readonly prefillTokensPerSecond: number;
  readonly decodeMs: number;
}

const measuredRuns = 50;

/** Measures the speed of running whole chunks, and the time for a single token, as medians. */
export async function runSpeeds(model: Model): Promise<RunSpeeds> {
  const chunkMs = await medianMs(model, model.chunkTokens);
  return { prefillTokensPerSecond: (model.chunkTokens * 1000) / chunkMs, decodeMs: await medianMs(model, 1) };
}

async function medianMs(model: Model, tokenCount: number): Promise<number> {
  const reader = model.open();
  const times: number[] = [];
  for (let run = 0; run < measuredRuns; run++) {
    // These ids are valid in any vocabulary.
    const tokens = Array.from({ length: tokenCount }, (_, i) => ((i * 37 + run) % 200) as TokenId);
    const start = performance.now();
    await reader.feed(tokens, tokenCount === 1 ? "last" : "none", neverCancelled);
    times.push(performance.now() - start);
  }
  reader.dispose();
  return quantile(times, 0.5);
}
