import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { active, commandResults, diagnostics, dialogs, fileUri, workspaceFiles } from "../support/vscodeStandIn.js";
import { FakeEditor, Range } from "../support/fakeEditor.js";
import { pickAttachments } from "../../src/extension/chat/attachmentPicker.js";
import { attachedSources, readAttachment, sourceInEditor } from "../../src/extension/chat/attachmentSources.js";
import type { Blocker } from "../../src/shared/eligibility.js";

const symbol = { name: "f", detail: "()", kind: 11, range: new Range(0, 0, 1, 0), children: [] };
const secret = (uri: { readonly path: string }): boolean => uri.path.endsWith(".env");

beforeEach(() => {
  dialogs.reset("Nothing");
  diagnostics.length = 0;
  workspaceFiles.length = 0;
  commandResults.clear();
});

test("the list offers the selection, problems, symbols and files, but nothing that is excluded", async () => {
  active.editor = new FakeEditor("«let» a;\n");
  diagnostics.push({ message: "no", range: new Range(0, 0, 0, 1), severity: 0 });
  commandResults.set("vscode.executeDocumentSymbolProvider", [symbol, { name: "without a range" }]);
  workspaceFiles.push("/z.ts", "/b.ts", "/x.env");
  assert.deepEqual(await pickAttachments(secret), []);
  const far = ["Symbols of This File", "$(symbol-method) f", "Files", "$(file) b.ts", "$(file) z.ts"];
  assert.deepEqual(dialogs.shown.slice(-7), ["$(list-selection) Selection", "$(warning) Problems", ...far]);
  dialogs.reset("Nothing");
  active.editor = new FakeEditor("«let» a;\n", { name: "x.env" });
  await pickAttachments(secret);
  assert.deepEqual(dialogs.shown.slice(-3), ["Files", "$(file) b.ts", "$(file) z.ts"]);
});

test("a file in a folder is listed with its path, one in the root by its name alone", async () => {
  active.editor = new FakeEditor("║let a;\n");
  workspaceFiles.push("/b.ts", "/src/c.ts");
  await pickAttachments(secret);
  assert.deepEqual(dialogs.shown.slice(-2), ["$(file) b.ts", "$(file) c.ts"]);
  assert.deepEqual(dialogs.descriptions.slice(-2), ["", "src/c.ts"]);
});

test("without a selection, problems or files the list does not offer any", async () => {
  active.editor = new FakeEditor("║let a;\n");
  await pickAttachments(secret);
  assert.deepEqual(
    dialogs.shown.filter((line) => line !== ""),
    [],
  );
});

test("the chosen entry is attached", async () => {
  dialogs.reset("$(symbol-method) f");
  active.editor = new FakeEditor("║let a;\n");
  commandResults.set("vscode.executeDocumentSymbolProvider", [{ ...symbol, name: "A", children: [symbol] }]);
  const [source] = await pickAttachments(secret);
  assert.deepEqual([source?.kind, source?.kind === "symbol" && source.name], ["symbol", "f"]);
});

test("an attachment contains the file, the selection, the symbol or the problems, and its label says which", async () => {
  const { asEditor: editor } = new FakeEditor("let a;\n«let b;\n  let» c;\n");
  const { document } = editor;
  diagnostics.push({ message: "unused", range: new Range(2, 2, 2, 5), severity: 1 });
  const read = async (source: Parameters<typeof readAttachment>[0]) => {
    const { label, text, isWholeFile, tokens } = await readAttachment(source, () => undefined);
    return [label, text, isWholeFile, tokens];
  };
  active.editor = editor as unknown as FakeEditor;
  const whole = "let a;\nlet b;\n  let c;\n";
  assert.deepEqual(await read({ kind: "file", uri: document.uri }), ["a.ts", whole, true, 0]);
  assert.deepEqual(await read({ kind: "selection", editor }), ["a.ts:2-3", "let b;\n  let", false, 0]);
  const { range, name } = symbol;
  const symbolRange = range as unknown as Parameters<typeof document.validateRange>[0]; // has all members that are used
  const [label, text] = await read({ kind: "symbol", document, name, range: symbolRange });
  assert.deepEqual([label, text], ["a.ts: f", "let a;\n"]);
  const problems = await read({ kind: "problems", document });
  assert.deepEqual(problems.slice(0, 2), ["a.ts: problems", "3: warning: unused\n    let c;"]);
});

for (const [marked, lines] of [
  ["a\n«b»\n", "2"],
  ["a\n«b\n»c\n", "2"],
  ["a\n«b\nc»\n", "2-3"],
  ["«a\nb\n»", "1-2"],
] as const) {
  test(`the label has the lines of the selection ${JSON.stringify(marked)}`, async () => {
    const { asEditor: editor } = new FakeEditor(marked);
    const { label } = await readAttachment({ kind: "selection", editor }, () => undefined);
    assert.equal(label, `a.ts:${lines}`);
  });
}

test("a file that is too large is not attached, a selection in it is; an excluded one is never read", async () => {
  const { asEditor: editor } = new FakeEditor("«a»");
  active.editor = editor as unknown as FakeEditor;
  const blocked = (kind: "file" | "selection", blocker: Blocker) =>
    readAttachment(kind === "file" ? { kind, uri: editor.document.uri } : { kind, editor }, () => blocker);
  await assert.rejects(blocked("file", "tooLarge"), { message: "a.ts: This file is too large for completions." });
  assert.equal((await blocked("selection", "tooLarge")).text, "a");
  await assert.rejects(blocked("selection", "excluded"), /^Error: a\.ts: This file is excluded/);
});

test("the editor's selection is attached only if there is one", () => {
  active.editor = new FakeEditor("a║");
  assert.equal(sourceInEditor("file").kind, "file");
  assert.throws(() => sourceInEditor("selection"), /Select something to attach/);
  active.editor = new FakeEditor("«a»");
  assert.equal(sourceInEditor("selection").kind, "selection");
});

test("a menu attaches the files chosen in the explorer, or for the editor's own file the selection", () => {
  active.editor = new FakeEditor("«a»");
  const [own, other] = [fileUri("/a.ts"), fileUri("/b.ts")];
  const kinds = (uri: unknown, uris?: unknown) => attachedSources(uri, uris).map(({ kind }) => kind);
  assert.deepEqual(kinds(own), ["selection"]);
  assert.deepEqual(kinds(undefined), ["selection"]);
  assert.deepEqual(kinds(other), ["file"]);
  assert.deepEqual(kinds(own, [own, other]), ["file", "file"]);
  active.editor = new FakeEditor("a║");
  assert.deepEqual(kinds(own), ["file"]);
});
