import { MessageType, ShowMessageNotification, type Connection, type ShowMessageParams } from "vscode-languageserver";
import { statusMethod, type ServerStatus } from "../shared/protocol.js";
import { inertText } from "../shared/inertText.js";
import type { Client } from "./client.js";
import { ReadinessProgress } from "./readinessProgress.js";

/** What is needed of a connection to say how things are. */
export interface StatusConnection {
  readonly sendNotification: (method: string, params: ServerStatus | ShowMessageParams) => Promise<void>;
  readonly window: Pick<Connection["window"], "createWorkDoneProgress">;
}

/** A change of a fraction alone is said no more often than this. */
const minMsBetween = 100;

/**
 * Tells the client what the server is doing: with `rwkv/status` if it asked for that, otherwise with work-done progress and,
 * once for each reason, a message if no model can be loaded.
 */
export class StatusReport {
  readonly #connection: StatusConnection;
  readonly #client: () => Client | undefined;
  readonly #now: () => number;
  #status: ServerStatus = { kind: "noModel" };
  #sentMs = -Infinity;
  readonly #progress: ReadinessProgress;
  readonly #told = new Set<string>();

  constructor(connection: StatusConnection, client: () => Client | undefined, now = () => performance.now()) {
    this.#connection = connection;
    this.#client = client;
    this.#now = now;
    this.#progress = new ReadinessProgress(connection.window, now);
  }

  get status(): ServerStatus {
    return this.#status;
  }

  report(next: ServerStatus): void {
    const old = this.#status;
    if (JSON.stringify(old) === JSON.stringify(next)) return;
    this.#status = next;
    const isStep = old.kind === next.kind && (next.kind === "loading" || next.kind === "reading");
    if (isStep && this.#now() - this.#sentMs < minMsBetween) return;
    this.#sentMs = this.#now();
    const client = this.#client();
    if (client === undefined) return;
    // A lost connection is the client's to notice.
    if (client.options.statusNotifications) void this.#connection.sendNotification(statusMethod, next);
    else {
      if (client.canShowProgress) this.#progress.show(next);
      if (next.kind === "failed") this.#tell(next.reason);
    }
  }

  #tell(reason: string): void {
    if (this.#told.has(reason)) return;
    this.#told.add(reason);
    const message = `RWKV Code has no completions: ${inertText(reason)}`;
    void this.#connection.sendNotification(ShowMessageNotification.method, { type: MessageType.Error, message });
  }
}
