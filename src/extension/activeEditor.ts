import * as vscode from "vscode";
import { isAllOff } from "../shared/eligibility.js";
import type { CompletionClient } from "./completionClient.js";
import type { RequestOutcomes } from "./requestOutcomes.js";
import { ghostTextSetting, isGhostTextOn, type Settings } from "./settings.js";
import type { Absence, StatusItem } from "./statusItem.js";

export interface ActiveEditorOptions {
  readonly client: CompletionClient;
  readonly statusItem: StatusItem;
  readonly outcomes: RequestOutcomes;
  readonly settings: () => Settings;
  readonly onError: (error: unknown) => void;
}

/** Follows the active editor: shows its document's state, and starts the server if the document needs it. */
export class ActiveEditor implements vscode.Disposable {
  readonly #options: ActiveEditorOptions;
  readonly #subscriptions: readonly vscode.Disposable[];
  /** The last editable document that had the focus; undefined after it was closed. */
  #edited: vscode.TextDocument | undefined;

  constructor(options: ActiveEditorOptions) {
    this.#options = options;
    this.#subscriptions = [
      vscode.window.onDidChangeActiveTextEditor(() => void this.sync()),
      // VS Code reopens a document when its language changes.
      vscode.workspace.onDidOpenTextDocument((document) => {
        if (document === vscode.window.activeTextEditor?.document) void this.sync();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(ghostTextSetting)) this.show();
      }),
      options.client.completions.snooze.onDidChange(() => {
        this.show();
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document === this.#edited) this.#edited = undefined;
        options.outcomes.closed(document.uri.toString());
      }),
    ];
  }

  /**
   * The document whose language the user can turn on or off: the last editable document that had the focus. It is kept
   * while a web page or a read-only document has the focus.
   */
  get document(): vscode.TextDocument | undefined {
    return this.#edited ?? vscode.window.activeTextEditor?.document;
  }

  /** Shows the state in the status bar. */
  show(): void {
    const { client, statusItem, outcomes } = this.#options;
    const active = vscode.window.activeTextEditor?.document;
    if (active !== undefined && client.documents.ineligibility(active) !== "notEditable") this.#edited = active;
    const last = active && outcomes.lastIn(active.uri.toString());
    statusItem.show(client.status, this.#absence(active), last, this.document?.languageId);
  }

  #absence(active: vscode.TextDocument | undefined): Absence | undefined {
    const { client, settings } = this.#options;
    const { document } = this;
    const ineligibility = document && client.documents.ineligibility(document);
    if (ineligibility === "languageOff" || ineligibility === "allOff") return ineligibility;
    // Show that a file is excluded or too large only while that file has the focus.
    if (document === active && ineligibility !== undefined && ineligibility !== "notEditable") return ineligibility;
    if (isAllOff(settings().enable)) return "allOff";
    if (!isGhostTextOn(document)) return "ghostTextOff";
    if (!settings().server.automatic) return "automaticOff";
    const { untilMs } = client.completions.snooze;
    return untilMs === undefined ? undefined : { snoozedUntilMs: untilMs };
  }

  /** Starts the server if the active document needs it, and tells it that the document has the focus. */
  async sync(): Promise<void> {
    const { client, onError } = this.#options;
    this.show();
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined || client.documents.ineligibility(document) !== undefined) return;
    try {
      await client.start();
      // The active editor may have changed in the meantime.
      if (vscode.window.activeTextEditor !== undefined) await client.sendFocus(vscode.window.activeTextEditor.document);
    } catch (error) {
      onError(error);
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
