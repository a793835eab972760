import type { CompletionCounter } from "../core/statistics.js";
import type { ServerStatistics, ServerStatus } from "../shared/protocol.js";
import type { LoadedModel } from "./modelHost.js";

interface StatisticsSources {
  readonly status: ServerStatus;
  readonly counter: CompletionCounter;
  readonly loaded: LoadedModel | undefined;
}

/** Answers `rwkv/statistics`. */
export function statisticsOf({ status, counter, loaded }: StatisticsSources): ServerStatistics {
  const { rss, arrayBuffers } = process.memoryUsage();
  const { model = "", engine = "", chat = "none" } = loaded?.status ?? {};
  return {
    pid: process.pid,
    status,
    model,
    engine,
    chat,
    requests: counter.counts,
    nothingShown: counter.nothingCounts,
    latencyMs: counter.latencyMs,
    checkpoints: {
      count: loaded?.store.count ?? 0,
      packedCount: loaded?.store.packedCount ?? 0,
      bytes: loaded?.store.bytes ?? 0,
      maxBytes: loaded?.store.maxBytes ?? 0,
      tooLarge: loaded?.store.tooLarge ?? 0,
    },
    memory: { rssBytes: rss, arrayBuffersBytes: arrayBuffers },
    documents: loaded?.engine.documents.progress() ?? [],
    last: counter.last,
  };
}
