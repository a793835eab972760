import type * as vscode from "vscode";
import type { ServerStatus } from "../shared/protocol.js";
import type { CompletionGateOptions } from "./completionGate.js";
import type { RequestOutcomes } from "./requestOutcomes.js";
import type { Settings } from "./settings.js";

export interface CompletionClientOptions {
  readonly module: string;
  /** Where the server keeps the index of the workspace. */
  readonly storagePath: string;
  readonly settings: () => Settings;
  readonly output: vscode.LogOutputChannel;
  readonly onCompletion: CompletionGateOptions["onCompletion"];
  readonly outcomes: Pick<RequestOutcomes, "nothing" | "notSent">;
  readonly onStatus: (status: ServerStatus) => void;
  /** The server is running, for the first time or again. */
  readonly onRunning: () => void;
  /** The server crashed too often and will not be restarted. */
  readonly onGivenUp: () => void;
}
