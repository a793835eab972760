import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { FromView, ToView } from "../../shared/chatMessages.js";
import { chatHtml } from "../chatHtml.js";
import { chatTexts } from "../chatTexts.js";

/** The sidebar's page: made when it is first looked at, kept while it is hidden. */
export class ChatView implements vscode.WebviewViewProvider {
  static readonly id = "rwkvCode.chat";
  /** How far it is scrolled, what is unfolded and an edit under way outlast its being hidden. */
  static readonly options = { retainContextWhenHidden: true };
  readonly #files: vscode.Uri;
  readonly #onMessage: (message: FromView) => void;
  #view: vscode.WebviewView | undefined;

  /** @param files the folder of chat.js and chat.css. */
  constructor(files: vscode.Uri, onMessage: (message: FromView) => void) {
    this.#files = files;
    this.#onMessage = onMessage;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    view.onDidDispose(() => {
      this.#view = undefined;
    });
    view.webview.options = { enableScripts: true, localResourceRoots: [this.#files] };
    view.webview.onDidReceiveMessage((message: FromView) => {
      this.#onMessage(message);
    });
    // What it was told while it was hidden may not have reached it: it asks for everything again.
    view.onDidChangeVisibility(() => {
      if (view.visible) this.#onMessage({ kind: "ready" });
    });
    const script = vscode.Uri.joinPath(this.#files, "chat.js");
    const style = vscode.Uri.joinPath(this.#files, "chat.css");
    const texts = chatTexts((text) => vscode.l10n.t(text), vscode.env.language);
    view.webview.html = chatHtml(view.webview, { script, style }, randomBytes(16).toString("hex"), texts);
  }

  /** While there is no page there is nobody to tell; a new one asks for everything. */
  postMessage(message: ToView): void {
    void this.#view?.webview.postMessage(message);
  }

  async show(): Promise<void> {
    await vscode.commands.executeCommand(`${ChatView.id}.focus`);
  }
}
