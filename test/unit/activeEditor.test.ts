import { fire, listenerCount } from "../support/editorEvents.js";
import { active, fileUri, settings } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { ActiveEditor, type ActiveEditorOptions } from "../../src/extension/activeEditor.js";
import { FakeEditor } from "../support/fakeEditor.js";
import type { FakeUri } from "../support/fakeUri.js";

/** What happened, in order. */
const happened: unknown[] = [];
const state = {
  automatic: true,
  ineligibility: undefined as string | undefined,
  start: async (): Promise<void> => undefined,
};

const options = {
  client: {
    status: { kind: "ready" },
    documents: { ineligibility: () => state.ineligibility },
    start: async () => {
      happened.push("start");
      await state.start();
    },
    sendFocus: async (document: { readonly uri: FakeUri }) => happened.push(`focus ${document.uri.toString()}`),
  },
  statusItem: { show: (...shown: readonly unknown[]) => happened.push(shown) },
  outcomes: { lastIn: (uri: string) => `last in ${uri}`, closed: (uri: string) => happened.push(`closed ${uri}`) },
  settings: () => ({ server: { automatic: state.automatic } }),
  onError: (error: unknown) => happened.push(String(error)),
} as unknown as ActiveEditorOptions; // has the members that are used

/** Runs a test with an active editor that is followed until its end. */
async function following(run: (editor: ActiveEditor) => Promise<void> | void): Promise<void> {
  const editor = new ActiveEditor(options);
  await run(editor);
  editor.dispose();
}

const uri = "file:///a.ts";
const shown = (absence: string | undefined): unknown => [{ kind: "ready" }, absence, `last in ${uri}`];

beforeEach(() => {
  happened.length = 0;
  settings.clear();
  Object.assign(state, { automatic: true, ineligibility: undefined, start: async () => undefined });
  active.editor = new FakeEditor("a║", { name: "a.ts" });
});

const absences: readonly (readonly [string, () => void, string | undefined])[] = [
  ["nothing is off", () => undefined, undefined],
  ["the document gets no completions", () => { state.ineligibility = "languageOff"; }, "languageOff"],
  ["they are not automatic", () => { state.automatic = false; }, "automaticOff"],
  ["VS Code shows no ghost text", () => { settings.set("editor.inlineSuggest.enabled", false); }, "ghostTextOff"],
  ["both are off", () => { state.automatic = false; settings.set("editor.inlineSuggest.enabled", false); }, "ghostTextOff"],
]; // prettier-ignore

for (const [what, change, expected] of absences) {
  test(`the status item shows why the active document has no completions: ${what}`, () =>
    following((editor) => {
      change();
      editor.show();
      assert.deepEqual(happened, [shown(expected)]);
    }));
}

test("the server is started for a document that needs it, and told the focus", () =>
  following(async (editor) => {
    await editor.sync();
    assert.deepEqual(happened, [shown(undefined), "start", `focus ${uri}`]);
    happened.length = 0;
    state.ineligibility = "excluded";
    await editor.sync();
    assert.deepEqual(happened, [shown("excluded")]);
  }));

test("the focus is that of the editor that is active when the server runs", () =>
  following(async (editor) => {
    state.start = async () => {
      active.editor = new FakeEditor("b║", { name: "b.ts" });
    };
    await editor.sync();
    assert.equal(happened.at(-1), "focus file:///b.ts");
  }));

test("a server that cannot start is reported", () =>
  following(async (editor) => {
    state.start = () => Promise.reject(new Error("no model"));
    await editor.sync();
    assert.deepEqual(happened, [shown(undefined), "start", "Error: no model"]);
  }));

test("the editor's events are followed until the end", async () => {
  const before = listenerCount();
  const editor = new ActiveEditor(options);
  const after = async (name: Parameters<typeof fire>[0], event?: unknown): Promise<number> => {
    happened.length = 0;
    fire(name, event);
    await new Promise(setImmediate);
    return happened.length;
  };
  assert.equal(await after("onDidChangeActiveTextEditor"), 3);
  assert.equal(await after("onDidOpenTextDocument", active.editor?.document), 3);
  assert.equal(await after("onDidOpenTextDocument", {}), 0, "another document");
  const affects = (setting: string): object => ({ affectsConfiguration: (name: string) => name === setting });
  assert.equal(await after("onDidChangeConfiguration", affects("editor.inlineSuggest.enabled")), 1);
  assert.equal(await after("onDidChangeConfiguration", affects("editor.tabSize")), 0);
  await after("onDidCloseTextDocument", { uri: fileUri("/c.ts") });
  assert.deepEqual(happened, ["closed file:///c.ts"]);
  editor.dispose();
  assert.equal(listenerCount(), before);
});
