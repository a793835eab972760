import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { dialogs, fileUri } from "../support/vscodeStandIn.js";
import type * as vscode from "vscode";
import { ChatView } from "../../src/extension/chat/chatView.js";

beforeEach(() => {
  dialogs.reset();
});

/** A web view as VS Code passes it to the extension. Tests call its handlers in place of the user. */
class FakeWebviewView {
  readonly posted: object[] = [];
  visible = true;
  receives: (message: object) => void = () => undefined;
  dispose: () => void = () => undefined;
  changesVisibility: () => void = () => undefined;
  readonly webview = {
    html: "",
    options: {},
    cspSource: "vscode-resource:",
    asWebviewUri: (uri: vscode.Uri) => uri,
    postMessage: async (message: object) => this.posted.push(message),
    onDidReceiveMessage: (listener: (message: object) => void) => (this.receives = listener),
  };

  onDidDispose(listener: () => void): void {
    this.dispose = listener;
  }

  onDidChangeVisibility(listener: () => void): void {
    this.changesVisibility = listener;
  }

  get asView(): vscode.WebviewView {
    return this as unknown as vscode.WebviewView; // has all members that are used
  }
}

function chat() {
  const received: object[] = [];
  const view = new ChatView(fileUri("/dist"), (message) => received.push(message));
  const page = (): FakeWebviewView => {
    const webview = new FakeWebviewView();
    view.resolveWebviewView(webview.asView);
    return webview;
  };
  return { view, page, received };
}

const focus = { kind: "focus", isAttached: false };

test("the page may run the one script, from its folder, under a name that no other page has", () => {
  const { page } = chat();
  const [{ webview }, other] = [page(), page()];
  const nonceOf = ({ html }: { readonly html: string }): string | undefined => /<script nonce="(\w+)"/.exec(html)?.[1];
  assert.deepEqual(webview.options, { enableScripts: true, localResourceRoots: [fileUri("/dist")] });
  assert.match(webview.html, /src="file:\/\/\/dist\/chat\.js"/);
  assert.match(webview.html, /href="file:\/\/\/dist\/chat\.css"/);
  assert.match(nonceOf(webview)!, /^[0-9a-f]{32}$/);
  assert.notEqual(nonceOf(webview), nonceOf(other.webview));
});

test("messages go both ways; without a page, or after it was closed, none are sent", () => {
  const { view, page, received } = chat();
  view.postMessage({ kind: "focus", isAttached: true });
  const shown = page();
  shown.receives({ kind: "stop" });
  view.postMessage({ kind: "focus", isAttached: true });
  shown.dispose();
  view.postMessage({ kind: "focus", isAttached: true });
  assert.deepEqual([shown.posted, received], [[{ kind: "focus", isAttached: true }], [{ kind: "stop" }]]);
});

test("a page that is shown again gets the whole state", () => {
  const { page, received } = chat();
  const shown = page();
  shown.visible = false;
  shown.changesVisibility();
  assert.deepEqual(received, []);
  shown.visible = true;
  shown.changesVisibility();
  assert.deepEqual(received, [{ kind: "ready" }]);
});

test("showing the chat gives its page the focus, once, and no sooner than it has loaded", async () => {
  const { view, page } = chat();
  const first = page();
  await view.show();
  first.receives({ kind: "stop" });
  assert.deepEqual([first.posted, dialogs.changed], [[], ["rwkvCode.chat.focus"]]);
  first.receives({ kind: "ready" });
  first.receives({ kind: "ready" });
  assert.deepEqual(first.posted, [focus]);
  await view.show();
  assert.deepEqual(first.posted, [focus, focus]);
  first.receives({ kind: "ready" });
  assert.equal(first.posted.length, 2);
  first.dispose();
  await view.show();
  const second = page();
  assert.deepEqual(second.posted, []);
  second.receives({ kind: "ready" });
  assert.deepEqual([first.posted.length, second.posted], [2, [focus]]);
});
