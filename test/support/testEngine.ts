import { ReplyTokenCache } from "../../src/core/chat/replyTokenCache.js";
import type { CompleterLimits } from "../../src/core/completion/completer.js";
import { CompletionEngine } from "../../src/core/engine/completionEngine.js";
import type { EngineOptions } from "../../src/core/engine/engineOptions.js";
import { type Model } from "../../src/core/model.js";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import { CompletionCounter } from "../../src/core/statistics.js";

export interface TestEngine {
  readonly engine: CompletionEngine;
  readonly store: CheckpointStore;
  readonly counter: CompletionCounter;
}

export interface TestEngineOptions {
  readonly store?: CheckpointStore;
  readonly limits?: Partial<CompleterLimits>;
  readonly background?: EngineOptions["background"];
  readonly archive?: EngineOptions["archive"];
}

/** An engine without a time budget. It reads nothing in the background unless `background` is given. */
export function testEngine(
  model: Model,
  { store = new CheckpointStore(2 ** 24), limits, background, archive }: TestEngineOptions = {},
): TestEngine {
  const all = { timeBudgetMs: Infinity, maxTokens: 64, threshold: 0, ...limits };
  const counter = new CompletionCounter();
  const engine = new CompletionEngine({
    model,
    store,
    counter,
    replyTokens: new ReplyTokenCache(),
    limits: () => all,
    ...(background !== undefined && { background }),
    ...(archive !== undefined && { archive }),
  });
  return { engine, store, counter };
}
