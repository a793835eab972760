import type * as vscode from "vscode";
import type { LanguageClient, LanguageClientOptions } from "vscode-languageclient/node";
import type { ServerStatus } from "../shared/protocol.js";
import type { CompletionGateOptions } from "./completionGate.js";
import type { RequestOutcomes } from "./requestOutcomes.js";
import type { Settings } from "./settings.js";

export interface CompletionClientOptions {
  /** Creates a client. Starting the client starts its server process. */
  readonly newClient: (options: LanguageClientOptions) => LanguageClient;
  /** Folder in which the server stores the index of the workspace and the model's states. */
  readonly storagePath: string;
  readonly settings: () => Settings;
  readonly output: vscode.LogOutputChannel;
  readonly onCompletion: CompletionGateOptions["onCompletion"];
  readonly outcomes: Pick<RequestOutcomes, "nothing" | "notSent" | "shown">;
  readonly onStatus: (status: ServerStatus) => void;
  /** Called when the server has started or restarted. */
  readonly onRunning: () => void;
  /** Called when the server has crashed too often and will not be restarted. */
  readonly onGivenUp: () => void;
}
