import { MessageType, ShowMessageNotification, type Connection, type ShowMessageParams } from "vscode-languageserver";
import { statusMethod, type ServerStatus } from "../shared/protocol.js";
import { inertText } from "../shared/inertText.js";
import type { Client } from "./client.js";
import { ReadinessProgress } from "./readinessProgress.js";

/** The part of a connection that is needed to report the status. */
export interface StatusConnection {
  readonly sendNotification: (method: string, params: ServerStatus | ShowMessageParams) => Promise<void>;
  readonly window: Pick<Connection["window"], "createWorkDoneProgress">;
}

/** Minimum time between notifications of the same kind while a model is loaded or documents are read. */
const minMsBetween = 100;

/**
 * Reports what the server is doing: as `rwkv/status` if the client asked for it, otherwise as work-done progress and,
 * once per reason, as a message if no model can be loaded.
 */
export class StatusReport {
  readonly #connection: StatusConnection;
  readonly #client: () => Client | undefined;
  readonly #now: () => number;
  #status: ServerStatus = { kind: "noModel" };
  #sentMs = -Infinity;
  readonly #progress: ReadinessProgress;
  readonly #shownMessages = new Set<string>();

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
    // Sending fails only if the connection is lost, which ends the process.
    if (client.options.statusNotifications) void this.#connection.sendNotification(statusMethod, next);
    else {
      if (client.canShowProgress) this.#progress.show(next);
      if (next.kind === "failed") {
        this.#showOnce(MessageType.Error, `RWKV Code cannot complete: ${inertText(next.reason)}`);
      }
    }
  }

  /** Shows a loaded model's notes, such as which of its files could not be used. Each note is shown once. */
  showNotes(notes: readonly string[]): void {
    for (const note of notes) this.#showOnce(MessageType.Warning, `RWKV Code: ${inertText(note)}`);
  }

  /** Sends a notification, because the library's `window.show…Message` are requests that wait for the user. */
  #showOnce(type: MessageType, message: string): void {
    if (this.#shownMessages.has(message)) return;
    this.#shownMessages.add(message);
    void this.#connection.sendNotification(ShowMessageNotification.method, { type, message });
  }
}
