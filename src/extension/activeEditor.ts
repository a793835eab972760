import * as vscode from "vscode";
import type { CompletionClient } from "./completionClient.js";
import type { RequestOutcomes } from "./requestOutcomes.js";
import { ghostTextSetting, isGhostTextOn, type Settings } from "./settings.js";
import type { StatusItem } from "./statusItem.js";

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
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        options.outcomes.closed(uri.toString());
      }),
    ];
  }

  /** Shows the state in the status bar. */
  show(): void {
    const { client, statusItem, outcomes, settings } = this.#options;
    const document = vscode.window.activeTextEditor?.document;
    const asked = settings().server.automatic ? undefined : "automaticOff";
    const absence = isGhostTextOn(document) ? asked : "ghostTextOff";
    const last = document && outcomes.lastIn(document.uri.toString());
    statusItem.show(client.status, document && (client.documents.ineligibility(document) ?? absence), last);
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
