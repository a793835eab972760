import type { NothingReason } from "../../shared/nothingShown.js";
import type { ServerStatistics } from "../../shared/protocol.js";
import type { CompletionCounts } from "../counts.js";
import type { UsageHistory } from "../usageHistory.js";

/** The data that the statistics page shows. */
export interface StatisticsFacts {
  readonly nowMs: number;
  readonly counts: CompletionCounts;
  readonly history: UsageHistory;
  /** Undefined if no server is running. */
  readonly server: ServerStatistics | undefined;
  /** Requests of this session that showed nothing, by reason, including those that were not sent to the server. */
  readonly nothingShown: readonly (readonly [NothingReason, number])[];
}
