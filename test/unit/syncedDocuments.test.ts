import assert from "node:assert/strict";
import test from "node:test";
import { editorDocuments, fileUri } from "../support/vscodeStandIn.js";
import type * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Settings } from "../../src/extension/settings.js";
import { SyncedDocuments } from "../../src/extension/syncedDocuments.js";
import { defaultSettings } from "../../src/shared/protocol.js";

class FakeDocument {
  readonly uri: vscode.Uri;
  readonly languageId: string;
  text: string;

  constructor(name: string, languageId: string, text = "a\n") {
    this.uri = fileUri(`/${name}`);
    this.languageId = languageId;
    this.text = text;
  }

  get lineCount(): number {
    return this.text.split("\n").length;
  }

  getText(): string {
    return this.text;
  }

  get asDocument(): vscode.TextDocument {
    return this as unknown as vscode.TextDocument; // has all members that are used
  }
}

/** The documents of an editor, and a log of the messages to its server. */
function editor(maxLines = 5) {
  const sent: string[] = [];
  const client = {
    sendNotification: async ({ method }: { method: string }, params: { uri: string }) => {
      sent.push(`${method.replace("textDocument/", "")} ${params.uri}`);
    },
    code2ProtocolConverter: {
      asOpenTextDocumentParams: ({ uri }: vscode.TextDocument) => ({ uri: uri.path }),
      asCloseTextDocumentParams: ({ uri }: vscode.TextDocument) => ({ uri: uri.path }),
    },
  } as unknown as LanguageClient; // only these members are used
  const settings = {
    enable: { ...defaultSettings.enable } as Record<string, boolean>,
    isExcluded: (path: string) => path.endsWith(".env"),
    server: { ...defaultSettings, maxLines },
  };
  const documents = new SyncedDocuments(
    () => settings as unknown as Settings, // has all members that are used
    () => client,
  );
  const opened = async (document: FakeDocument) => {
    await documents.middleware.didOpen?.(document.asDocument, async ({ uri }) => {
      sent.push(`own didOpen ${uri.path}`);
    });
  };
  const changed = async (document: FakeDocument, text: string) => {
    const rangeLength = document.text.length;
    document.text = text;
    const event = { document: document.asDocument, contentChanges: [{ text, rangeLength }] };
    await documents.middleware.didChange?.(event as unknown as vscode.TextDocumentChangeEvent, async () => {
      sent.push(`didChange ${document.uri.path}`);
    });
  };
  return { documents, sent, opened, changed, settings };
}

test("a document that is too large is opened in the server when it shrinks", async () => {
  const { sent, opened, changed, documents } = editor();
  const large = new FakeDocument("a.ts", "typescript", "\n".repeat(9));
  await opened(large);
  await changed(large, "\n".repeat(8));
  assert.deepEqual(sent, []);
  assert.equal(documents.ineligibility(large.asDocument), "tooLarge");
  await changed(large, "a\n");
  assert.deepEqual(sent, ["didOpen /a.ts"]);
  assert.equal(documents.isCompleted(large.asDocument), true);
  await changed(large, "\n".repeat(9));
  assert.equal(documents.isCompleted(large.asDocument), false);
  await changed(large, "b\n");
  assert.deepEqual(sent, ["didOpen /a.ts", "didChange /a.ts", "didChange /a.ts"]);
  assert.equal(documents.isCompleted(large.asDocument), true);
});

test("a document in a disabled language is opened when the user asks, follows edits, and is not completed", async () => {
  const { sent, opened, changed, documents } = editor();
  const notes = new FakeDocument("a.md", "markdown");
  await opened(notes);
  await changed(notes, "b\n");
  assert.deepEqual(sent, []);
  await documents.openForCommand(notes.asDocument);
  await documents.openForCommand(notes.asDocument);
  await changed(notes, "c\n");
  assert.deepEqual(sent, ["didOpen /a.md", "didChange /a.md"]);
  assert.equal(documents.isCompleted(notes.asDocument), false);
  documents.clear(); // as when the server has ended: the next one has no documents yet
  await opened(notes);
  assert.deepEqual(sent.slice(2), ["own didOpen /a.md"]);
});

test("an excluded or too large document is never opened", async () => {
  const { sent, documents } = editor();
  for (const [name, text] of [
    ["x.env", "a"],
    ["a.md", "\n".repeat(9)],
  ] as const) {
    await documents.openForCommand(new FakeDocument(name, "markdown", text).asDocument);
  }
  assert.deepEqual(sent, []);
});

test("new settings open the documents that they allow and close those that they do not, each once", async () => {
  const { sent, opened, documents, settings } = editor();
  const [code, notes] = [new FakeDocument("a.ts", "typescript"), new FakeDocument("a.md", "markdown")];
  editorDocuments.push(code, notes);
  try {
    await opened(code);
    settings.enable = { "*": false, markdown: true };
    await documents.reconcile();
    await documents.reconcile();
    assert.deepEqual(sent, ["own didOpen /a.ts", "didClose /a.ts", "didOpen /a.md"]);
    assert.deepEqual([documents.has(code.asDocument), documents.has(notes.asDocument)], [false, true]);
  } finally {
    editorDocuments.length = 0;
  }
});

test("closing a document is reported to the server only if it has the document open", async () => {
  const { sent, opened, documents } = editor();
  const [code, notes] = [new FakeDocument("a.ts", "typescript"), new FakeDocument("a.md", "markdown")];
  await opened(code);
  for (const document of [code, notes, code]) {
    await documents.middleware.didClose?.(document.asDocument, async ({ uri }) => {
      sent.push(`own didClose ${uri.path}`);
    });
  }
  assert.deepEqual(sent, ["own didOpen /a.ts", "own didClose /a.ts"]);
});
