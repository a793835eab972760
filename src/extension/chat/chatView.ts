import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { FromView, ToView } from "../../shared/chatMessages.js";
import { chatHtml } from "../chatHtml.js";
import { chatTexts } from "../chatTexts.js";

/** The chat view's webview: created when it is first shown, kept while it is hidden. */
export class ChatView implements vscode.WebviewViewProvider {
  static readonly id = "rwkvCode.chat";
  /** Scroll position, unfolded parts and an edit in progress survive hiding. */
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
    // Messages sent while it was hidden may be lost, so the whole state is sent again.
    view.onDidChangeVisibility(() => {
      if (view.visible) this.#onMessage({ kind: "ready" });
    });
    const script = vscode.Uri.joinPath(this.#files, "chat.js");
    const style = vscode.Uri.joinPath(this.#files, "chat.css");
    const texts = chatTexts((text) => vscode.l10n.t(text), vscode.env.language);
    view.webview.html = chatHtml(view.webview, { script, style }, randomBytes(16).toString("hex"), texts);
  }

  /** Dropped if there is no webview; a new one asks for the whole state. */
  postMessage(message: ToView): void {
    void this.#view?.webview.postMessage(message);
  }

  async show(): Promise<void> {
    await vscode.commands.executeCommand(`${ChatView.id}.focus`);
  }
}
