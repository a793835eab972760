import type { StatisticsFacts } from "../../src/extension/statistics/statisticsFacts.js";
import { historyOf, lastDays, mergedHistory, noHistory } from "../../src/extension/usageHistory.js";
import type { ServerStatistics } from "../../src/shared/protocol.js";

const nowMs = new Date(2026, 10, 28, 12).getTime();
const languages = ["typescript", "python", "html"];

/** Example facts for the statistics page: four weeks of use, and a server that has just been used. */
export function statisticsFacts(changed: Partial<StatisticsFacts> = {}): StatisticsFacts {
  const changes = lastDays(nowMs, 28).map((day, at) => {
    const shown = at % 7 > 4 ? 0 : 10 + ((at * 7) % 23);
    return historyOf({ shown, accepted: shown >> 2, partlyAccepted: shown >> 4 }, day, languages[at % 3]);
  });
  const server = {
    model: "rwkv-code-11m-3",
    engine: "native, 1 thread",
    requests: { shown: 30, exact: 20, converged: 4, stale: 3, window: 2, reused: 6 },
    latencyMs: { p50: 5.02, p95: 11.7 },
    checkpoints: { count: 212, bytes: 96 * 2 ** 20, maxBytes: 256 * 2 ** 20 },
    memory: { rssBytes: 148 * 2 ** 20 },
    documents: [{ uri: "file:///src/<b>area</b>.ts", tokens: 1234, tokensRead: 1234 }],
  } as unknown as ServerStatistics; // only these members are used
  return {
    nowMs,
    counts: {
      since: new Date(2026, 9, 1).getTime(),
      asked: 900,
      shown: 400,
      accepted: 90,
      partlyAccepted: 30,
      typedOut: 20,
      charactersAccepted: 2345,
      charactersTyped: 8765,
    },
    history: changes.reduce(mergedHistory, noHistory),
    server,
    nothingShown: [
      ["belowThreshold", 60],
      ["midLine", 10],
    ],
    ...changed,
  };
}

/** The cells of all table rows in some HTML. */
export function cellsOf(html: string): string[][] {
  return [...html.matchAll(/<tr[^>]*>(.*?)<\/tr>/g)].map(([, row]) =>
    [...row!.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell!),
  );
}
