import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { FromView, ToView } from "../../shared/chatMessages.js";
import { chatHtml } from "../chatHtml.js";
import { chatTexts } from "../chatTexts.js";

/** The chat view's webview: created when it is first shown, kept while it is hidden. */
export class ChatView implements vscode.WebviewViewProvider {
  static readonly id = "rwkvCode.chat";
  /** Keeps the scroll position, unfolded parts and an edit in progress while the view is hidden. */
  static readonly options = { retainContextWhenHidden: true };
  readonly #files: vscode.Uri;
  readonly #onMessage: (message: FromView) => void;
  #view: vscode.WebviewView | undefined;
  /** True if the page must be focused as soon as it has loaded, that is, when it sends its first message, `ready`. */
  #wantsFocus = false;
  #isReady = false;

  /** @param files the folder of chat.js and chat.css. */
  constructor(files: vscode.Uri, onMessage: (message: FromView) => void) {
    this.#files = files;
    this.#onMessage = onMessage;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    view.onDidDispose(() => {
      this.#view = undefined;
      this.#isReady = false;
    });
    view.webview.options = { enableScripts: true, localResourceRoots: [this.#files] };
    view.webview.onDidReceiveMessage((message: FromView) => {
      this.#onMessage(message);
      if (message.kind !== "ready") return;
      this.#isReady = true;
      if (this.#wantsFocus) this.#focus();
    });
    // Messages sent while the view was hidden may be lost, so the whole state is sent again.
    view.onDidChangeVisibility(() => {
      if (view.visible) this.#onMessage({ kind: "ready" });
    });
    const script = vscode.Uri.joinPath(this.#files, "chat.js");
    const style = vscode.Uri.joinPath(this.#files, "chat.css");
    const texts = chatTexts((text) => vscode.l10n.t(text), vscode.env.language);
    view.webview.html = chatHtml(view.webview, { script, style }, randomBytes(16).toString("hex"), texts);
  }

  /** Sends a message to the view. Without a view it is dropped, because a new view asks for the whole state. */
  postMessage(message: ToView): void {
    void this.#view?.webview.postMessage(message);
  }

  async show(): Promise<void> {
    this.#wantsFocus = true;
    await vscode.commands.executeCommand(`${ChatView.id}.focus`);
    if (this.#isReady) this.#focus();
  }

  #focus(): void {
    this.#wantsFocus = false;
    this.postMessage({ kind: "focus", isAttached: false });
  }
}
