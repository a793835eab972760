import assert from "node:assert/strict";
import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import test, { beforeEach } from "node:test";
import {
  commandResults,
  dialogs,
  editorsByUri,
  registrations,
  shownDocuments,
  shownWith,
} from "../support/vscodeStandIn.js";
import { FakeEditor } from "../support/fakeEditor.js";
import { FakeUri } from "../support/fakeUri.js";
import type * as vscode from "vscode";
import { ModelCards } from "../../src/extension/models/modelCards.js";
import type { ModelLibrary } from "../../src/extension/models/modelLibrary.js";
import { inTemporaryFolder } from "../support/temporary.js";

beforeEach(() => {
  dialogs.reset();
});

/** Runs a test with a model of this name; without a name, the model is unreadable. `show` returns the model's page. */
async function withCard(
  name: string | undefined,
  work: (show: () => Promise<string>, folder: string, changed: readonly string[]) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const line = {
      name,
      dimensions: { version: 7, layers: 1, width: 1 },
      parameters: 1,
      weightsBytes: 1,
      stateBytes: 1,
    };
    const facts = name === undefined ? { kind: "unreadable", reason: "no weights" } : { kind: "known", line };
    // The library has the only member that is used.
    const cards = new ModelCards({ facts: async () => facts } as unknown as ModelLibrary);
    const changed: string[] = [];
    cards.onDidChange((uri) => changed.push(uri.path));
    const show = async (): Promise<string> => {
      const page = new FakeUri(
        path.join(folder, `${name?.replaceAll("/", "-") ?? path.basename(folder)}.md`),
        "rwkv-code-model",
      );
      await cards.show({ kind: "imported", folder, setting: "small", isCurrent: false });
      return cards.provideTextDocumentContent(page as unknown as vscode.Uri); // has all members that are used
    };
    await work(show, folder, changed);
    cards.dispose();
    assert.equal(registrations.open, 0);
  });
}

test("a model's page is named after the model and shows both of its files, as they are when it is shown", async () => {
  await withCard("World/small", async (show, folder, changed) => {
    writeFileSync(path.join(folder, "model.json"), '{"a": 1}');
    assert.match(await show(), /^# World\/small\n[^]*\{"a": 1\}/);
    writeFileSync(path.join(folder, "README.md"), "# Of the model\n");
    assert.match(await show(), /## README\.md\n\n```text\n# Of the model\n```\n/);
    assert.equal(changed.length, 2);
    assert.deepEqual(dialogs.changed, ["markdown.showPreview", "markdown.showPreview"]);
  });
});

test("the page of a model that cannot be read says why, and is named after its folder", async () => {
  await withCard(undefined, async (show) => {
    assert.match(await show(), /\nno weights\n/);
  });
});

test("a README of up to a mebibyte is shown; a larger one, or a folder of that name, is left out", async () => {
  await withCard("small", async (show, folder) => {
    const readme = path.join(folder, "README.md");
    for (const [bytes, isShown] of [
      [2 ** 20, true],
      [2 ** 20 + 1, false],
    ] as const) {
      writeFileSync(readme, "text");
      truncateSync(readme, bytes);
      assert.equal((await show()).includes("README.md"), isShown, `${bytes}`);
    }
    rmSync(readme);
    mkdirSync(readme);
    assert.equal((await show()).includes("README.md"), false);
  });
});

test("without VS Code's extension for Markdown, a page is shown as text, in a preview tab", async () => {
  await withCard("small", async (show, folder) => {
    const failing = Promise.reject(new Error("no such command"));
    failing.catch(() => undefined); // awaited only later; without this, the rejection would count as unhandled
    commandResults.set("markdown.showPreview", failing);
    const page = String(new FakeUri(path.join(folder, "small.md"), "rwkv-code-model"));
    editorsByUri.set(page, new FakeEditor(""));
    try {
      await show();
      assert.deepEqual([shownDocuments.length, shownWith.at(-1)], [1, { preview: true }]);
    } finally {
      commandResults.clear();
    }
  });
});

test("a page that was never shown is empty", () => {
  const cards = new ModelCards(undefined as unknown as ModelLibrary); // it is not used
  assert.equal(cards.provideTextDocumentContent(new FakeUri("/a.md") as unknown as vscode.Uri), "");
});
