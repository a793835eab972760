import { fire, listenerCount } from "../support/editorEvents.js";
import { active, fileUri, page, settings } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { ActiveEditor, type ActiveEditorOptions } from "../../src/extension/activeEditor.js";
import type { EnabledLanguages } from "../../src/shared/protocol.js";
import { EventEmitter } from "../support/eventEmitter.js";
import { FakeEditor } from "../support/fakeEditor.js";
import type { FakeUri } from "../support/fakeUri.js";

/** All calls that the `ActiveEditor` made, in order. */
const happened: unknown[] = [];
const state = {
  automatic: true,
  snoozedUntilMs: undefined as number | undefined,
  enable: {} as EnabledLanguages,
  /** By URI, why a document gets no completions. */
  ineligibility: {} as Readonly<Record<string, string | undefined>>,
  start: async (): Promise<void> => undefined,
};

const snoozed = new EventEmitter<void>();

const options = {
  client: {
    completions: {
      snooze: {
        onDidChange: snoozed.event,
        get untilMs() {
          return state.snoozedUntilMs;
        },
      },
    },
    status: { kind: "ready" },
    documents: { ineligibility: ({ uri }: { readonly uri: FakeUri }) => state.ineligibility[uri.toString()] },
    start: async () => {
      happened.push("start");
      await state.start();
    },
    sendFocus: async (document: { readonly uri: FakeUri }) => happened.push(`focus ${document.uri.toString()}`),
  },
  statusItem: { show: (...shown: readonly unknown[]) => happened.push(shown) },
  outcomes: { lastIn: (uri: string) => `last in ${uri}`, closed: (uri: string) => happened.push(`closed ${uri}`) },
  settings: () => ({ enable: state.enable, server: { automatic: state.automatic } }),
  onError: (error: unknown) => happened.push(String(error)),
} as unknown as ActiveEditorOptions; // only these members are used

/** Runs a test with an `ActiveEditor`, which is disposed afterwards. */
async function following(run: (editor: ActiveEditor) => Promise<void> | void): Promise<void> {
  const editor = new ActiveEditor(options);
  await run(editor);
  editor.dispose();
}

const uri = "file:///a.ts";
const shown = (
  absence: string | object | undefined,
  last: string | undefined = `last in ${uri}`,
  language = "typescript",
): unknown => [{ kind: "ready" }, absence, last, language];

beforeEach(() => {
  happened.length = 0;
  settings.clear();
  const nothingOff = { automatic: true, enable: {}, ineligibility: {}, snoozedUntilMs: undefined };
  Object.assign(state, { ...nothingOff, start: async () => undefined });
  active.editor = new FakeEditor("a║", { name: "a.ts" });
  page.hasFocus = false;
});

const absences: readonly (readonly [string, () => void, string | undefined])[] = [
  ["nothing is off", () => undefined, undefined],
  ["the document gets no completions", () => { state.ineligibility = { [uri]: "languageOff" }; }, "languageOff"],
  ["completions are not automatic", () => { state.automatic = false; }, "automaticOff"],
  ["VS Code shows no ghost text", () => { settings.set("editor.inlineSuggest.enabled", false); }, "ghostTextOff"],
  ["automatic completions and ghost text are off", () => { state.automatic = false; settings.set("editor.inlineSuggest.enabled", false); }, "ghostTextOff"],
]; // prettier-ignore

for (const [what, change, expected] of absences) {
  test(`the status item shows why the active document has no completions: ${what}`, () =>
    following((editor) => {
      change();
      editor.show();
      assert.deepEqual(happened, [shown(expected)]);
    }));
}

test("a snooze is shown from its start to its end, unless something is off for longer", () =>
  following(() => {
    for (const untilMs of [1000, undefined]) {
      state.snoozedUntilMs = untilMs;
      snoozed.fire();
    }
    Object.assign(state, { snoozedUntilMs: 1000, automatic: false });
    snoozed.fire();
    state.ineligibility = { [uri]: "languageOff" };
    snoozed.fire();
    const absent = [{ snoozedUntilMs: 1000 }, undefined, "automaticOff", "languageOff"];
    assert.deepEqual(happened, absent.map((absence) => shown(absence)));
  })); // prettier-ignore

const output = "file:///log";
/** What can take the focus from a document: a page, such as the statistics page, or an output channel. */
const others: readonly (readonly [string, () => void])[] = [
  ["a page", () => { page.hasFocus = true; }],
  ["an output channel", () => { active.editor = new FakeEditor("║", { name: "log", languageId: "log" }); }],
]; // prettier-ignore
/**
 * What is off, and the reason in the status item: first while the document has the focus, then while something else has
 * it.
 */
const switches: readonly (readonly [string, () => void, string | undefined, string | undefined])[] = [
  ["nothing", () => undefined, undefined, undefined],
  ["the document's language", () => { state.ineligibility = { [uri]: "languageOff" }; }, "languageOff", "languageOff"],
  ["everything", () => { state.enable = { "*": false }; state.ineligibility = { [uri]: "allOff" }; }, "allOff", "allOff"],
  ["automatic completions", () => { state.automatic = false; }, "automaticOff", "automaticOff"],
  ["ghost text", () => { settings.set("editor.inlineSuggest.enabled", false); }, "ghostTextOff", "ghostTextOff"],
  ["nothing, and the document is excluded", () => { state.ineligibility = { [uri]: "excluded" }; }, "excluded", undefined],
]; // prettier-ignore

for (const [other, focus] of others) {
  for (const [what, change, inDocument, elsewhere] of switches) {
    test(`while ${other} has the focus, the status item shows that something is off: ${what}`, () =>
      following((editor) => {
        change();
        state.ineligibility = { ...state.ineligibility, [output]: "notEditable" };
        editor.show();
        focus();
        editor.show();
        const last = page.hasFocus ? undefined : `last in ${output}`;
        assert.deepEqual(happened, [shown(inDocument), [{ kind: "ready" }, elsewhere, last, "typescript"]]);
      }));
  }
}

test("a closed document no longer counts, but that all languages are off is shown even without a document", () =>
  following((editor) => {
    const { document } = active.editor!;
    state.ineligibility = { [uri]: "languageOff" };
    editor.show();
    page.hasFocus = true;
    fire("onDidCloseTextDocument", document);
    editor.show();
    assert.equal(editor.document, undefined);
    state.enable = { "*": false };
    editor.show();
    const without = (absence?: string): unknown => [{ kind: "ready" }, absence, undefined, undefined];
    assert.deepEqual(happened.slice(-2), [without(), without("allOff")]);
  }));

test("the server is started for a document that needs it, and is told which document has the focus", () =>
  following(async (editor) => {
    await editor.sync();
    assert.deepEqual(happened, [shown(undefined), "start", `focus ${uri}`]);
    happened.length = 0;
    state.ineligibility = { [uri]: "excluded" };
    await editor.sync();
    assert.deepEqual(happened, [shown("excluded")]);
  }));

test("the server is told of the editor that is active once it runs", () =>
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

test("the editor's events are followed until the disposal", async () => {
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
