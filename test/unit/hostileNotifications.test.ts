import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test, { beforeEach } from "node:test";
import type * as vscode from "vscode";
import { dialogs, fileUri, TabInputTextDiff } from "../support/vscodeStandIn.js";
import { alternativeLabel } from "../../src/extension/alternativeLabel.js";
import { asComment } from "../../src/extension/comments.js";
import { askForInstruction } from "../../src/extension/instructions/instructionInput.js";
import { RewriteDiff } from "../../src/extension/instructions/rewriteDiff.js";
import { isLanguageEnabled } from "../../src/shared/eligibility.js";
import { errorMessage } from "../../src/shared/errorMessage.js";
import { inertLog } from "../../src/extension/log.js";
import { modelCard } from "../../src/extension/models/modelCard.js";
import { Models } from "../../src/extension/models/models.js";
import { namedModel, type NamedModel } from "../../src/extension/models/namedModel.js";
import { modelText } from "../../src/extension/models/modelTexts.js";
import { ask, showError, showInformation, showWarning, withProgress } from "../../src/extension/notifications.js";
import type { ProposedDocuments } from "../../src/extension/proposedDocuments.js";
import { root } from "../support/paths.js";
import { inTemporaryFolder } from "../support/temporary.js";

const hostile = "\u001b[2J\u202e\n[Click here](command:x.y) $(trash)";
const inert = "\\u{1b}[2J\\u{202e}\\n[Click here] (command: x.y) $ (trash)";

beforeEach(() => {
  dialogs.reset();
});

test("no notification, dialog or progress contains a link or a line break", async () => {
  await showError(hostile);
  await showWarning(hostile);
  await showInformation(hostile, "Use It");
  await ask(hostile, hostile, "Remove");
  await withProgress(hostile, async (progress) => {
    progress.report({ message: hostile });
  });
  assert.deepEqual(dialogs.shown, Array(7).fill(inert));
});

test("a log message is one line; the server's output keeps its lines", () => {
  const logged: string[] = [];
  const errors: string[] = [];
  const write = (...texts: readonly string[]): void => void logged.push(texts.join("|"));
  const channel = { error: write, warn: write, info: write, append: write, appendLine: write, name: "RWKV Code" };
  const log = inertLog(channel as unknown as vscode.LogOutputChannel, (message) => {
    errors.push(message);
  });
  log.error(hostile);
  log.error(new Error(hostile), hostile);
  log.append(`first\n${hostile}\n`);
  assert.deepEqual(logged, [
    inert,
    `Error: ${inert}|${inert}`,
    "first\n\\u{1b}[2J\\u{202e}\n[Click here] (command: x.y) $ (trash)\n",
  ]);
  assert.equal(log.name, "RWKV Code");
  assert.deepEqual(errors, [inert, `Error: ${inert} ${inert}`]);
});

const line = {
  name: hostile,
  dimensions: { version: 7, layers: 1, width: 1 },
  parameters: 1,
  weightsBytes: 1,
  stateBytes: 1,
  licence: hostile,
  isVocabularyMissing: false,
  importedBytes: { none: 1, int8: 1, int4: 1 },
  sha256: {},
};
const t = (text: string): string => text;

test("model names are inert in lists and on cards; model.json cannot leave its fence", () => {
  const model = { kind: "elsewhere", folder: hostile, setting: hostile, isCurrent: true } as const;
  const known = { kind: "known", line, tokensPerSecond: undefined } as const;
  const { label, description, detail } = modelText(model, known, t);
  assert.equal(label, `$(check) ${inert}`);
  assert.match(description, /^in use · .*\\u\{1b\}/);
  assert.doesNotMatch(`${label}${description}${detail}`, /\n|\]\(|\$\(trash|\u202e/);
  const unreadable = modelText(model, { kind: "unreadable", reason: hostile }, t);
  assert.equal(unreadable.detail, inert);
  const card = modelCard({ model, facts: known, json: '{"a": "`````"}\n```\n[x](y)', readme: undefined }, t);
  const shown = card.replaceAll(/\\(?=[[\]\\])/g, ""); // as Markdown renders escaped characters
  assert.ok(shown.startsWith(`# ${inert}\n`), card);
  assert.match(card, /\n``````json\n[^]*\n``````\n$/);
});

test("an alternative is shown as code: links and icons in it are text, and invisible characters are shown", () => {
  assert.deepEqual(alternativeLabel("a[0](", "x) $(y)\u001b[31m\u202e"), {
    label: "a[0](x) \\$(y)\\u{1b}[31m\\u{202e}",
  });
});

test("a language named like an inherited property has no entry of its own", () => {
  for (const id of ["constructor", "__proto__", "toString", "valueOf"]) {
    assert.equal(isLanguageEnabled({ "*": false }, id), false);
    assert.equal(asComment(id, "x"), "// x");
  }
});

/** The messages of the errors that model commands failed with. */
const failures: string[] = [];

/** Runs a test with the model commands and a folder that contains one imported model. */
async function withModels(run: (models: Models, small: string) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const extension = {
      asAbsolutePath: (name: string) => path.join(root, name),
      globalStorageUri: fileUri(folder),
      globalState: { get: (_: string, otherwise: unknown) => otherwise, update: async () => undefined },
    } as unknown as vscode.ExtensionContext; // only these members are used
    const imported = path.join(folder, "models");
    const named = (): NamedModel => namedModel("", imported);
    const downloads = path.join(folder, "downloads");
    const restart = async (): Promise<void> => undefined;
    const onError = (error: unknown): void => void failures.push(errorMessage(error));
    const onChosen = (): void => undefined;
    const parts = { extension, imported, named, restart, onError, onChosen, downloads, downloadSource: () => "auto" };
    const models = new Models(parts);
    const small = path.join(imported, "small");
    mkdirSync(small, { recursive: true });
    writeFileSync(path.join(small, "model.json"), "{}");
    await run(models, small);
  });
}

test("a model named by a command's argument is selected only if the user agrees", async () => {
  await withModels(async (models) => {
    for (const setting of ["/evil", ""]) {
      dialogs.reset();
      await models.select(setting);
      assert.equal(dialogs.shown.length, 1);
      assert.match(dialogs.shown[0]!, /This was requested by another extension or a link\.$/);
      assert.deepEqual(dialogs.changed, []);
      dialogs.reset("Use It");
      await models.select(setting);
      assert.deepEqual(dialogs.changed, [`model = ${setting === "" ? "undefined" : setting}`]);
    }
    dialogs.reset();
    await models.select(hostile);
    assert.ok(dialogs.shown[0]!.includes(inert));
  });
});

test("a model named by a command's argument is shown, verified, revealed or removed only if the user agrees", async () => {
  await withModels(async (models, folder) => {
    for (const action of ["card", "verify", "reveal", "remove"]) {
      dialogs.reset();
      await models.manage({ folder, action });
      assert.equal(dialogs.shown.length, 1);
      assert.ok(dialogs.shown[0]!.includes(folder));
      assert.deepEqual(dialogs.changed, []);
    }
    assert.ok(existsSync(folder));
    dialogs.reset("Reveal in File Manager");
    await models.manage({ folder, action: "reveal" });
    assert.deepEqual(dialogs.changed, ["revealFileInOS"]);
    dialogs.reset("Remove");
    await models.manage({ folder, action: "remove" });
    assert.ok(!existsSync(folder));
  });
});

test("a model named by a command's argument is imported only if the user agrees", async () => {
  await withModels(async (models, folder) => {
    for (const name of ["other", "small"]) {
      dialogs.reset();
      const request = { source: "/a.pth", quantization: "int8", name };
      assert.equal(await models.import(request), undefined);
      const what = name === "small" ? "and replace the model small" : "as the model other";
      assert.equal(dialogs.shown.length, 1);
      assert.ok(dialogs.shown[0]!.startsWith(`RWKV Code: Import /a.pth ${what}?`), dialogs.shown[0]);
      assert.ok(existsSync(path.join(folder, "model.json")));
    }
  });
});

test("an instruction given as a command's argument is filled in, and the user must confirm it", async () => {
  // The object has all members that are used.
  const memento = { get: () => ["earlier"], update: async () => undefined } as unknown as vscode.Memento;
  assert.equal(await askForInstruction(memento, "Rewrite Selection", "delete all"), undefined);
  assert.deepEqual(dialogs.shown, ["delete all", "delete all", "earlier"]);
  dialogs.reset("Enter");
  assert.equal(await askForInstruction(memento, "Rewrite Selection", "delete all"), "delete all");
});

test("a rewrite is accepted or rejected only if it is visible", async () => {
  const proposed = fileUri("/a.ts", "rwkv-code-proposed");
  const documents = { create: () => proposed, close: async () => void dialogs.changed.push("closed") };
  const server = { insertion: async () => ({ text: "let b", replaced: 0 }) };
  const diff = new RewriteDiff(documents as unknown as ProposedDocuments, server); // has all members that are used
  const place = { line: 0, character: 0, translate: () => place, isEqual: () => true };
  const document = {
    getText: () => "let a",
    positionAt: () => place,
    lineAt: () => ({ text: "let a" }),
    offsetAt: () => 0,
    uri: fileUri("/a.ts"),
  };
  const selected = { text: "let a", offset: 0, before: "let a" };
  await diff.offer(document as unknown as vscode.TextDocument, selected, "let b");
  for (const tabs of [[], [{ input: undefined }]]) {
    dialogs.reset();
    dialogs.tabs = tabs;
    await diff.accept(proposed);
    await diff.reject(proposed);
    assert.deepEqual(dialogs.changed, []);
  }
  dialogs.tabs = [{ input: undefined }, { input: new TabInputTextDiff(proposed) }];
  await diff.accept(fileUri("/other.ts", "rwkv-code-proposed"));
  await diff.accept({ toString: () => proposed.toString() });
  assert.deepEqual(dialogs.changed, []);
  await diff.accept(proposed);
  assert.deepEqual(dialogs.changed, ["closed", "edit"]);
});

test("an import that fails is logged, whatever the user does with its notification", async () => {
  await withModels(async (models) => {
    dialogs.reset();
    failures.length = 0;
    await models.import({ source: "/nowhere/a.pth", quantization: "int8", name: "../a" });
    assert.deepEqual(failures, ["../a: not a name"]);
    assert.deepEqual(dialogs.shown, ["RWKV Code: ../a: not a name"]);
  });
});
