import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test, { beforeEach } from "node:test";
import { dialogs, settings } from "../support/vscodeStandIn.js";
import type * as vscode from "vscode";
import { memento } from "../support/memento.js";
import { root } from "../support/paths.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { openWalkthroughOnce, opensWalkthrough, type FirstStart } from "../../src/extension/firstWalkthrough.js";

const first: FirstStart = {
  installedAtMs: 1000,
  hostStartedAtMs: 2000,
  isSeen: false,
  isProduction: true,
  remoteName: undefined,
  opensWalkthroughs: true,
};

test("the walkthrough opens at the first start after an installation by the command line", () => {
  assert.equal(opensWalkthrough(first), true);
});

const others: readonly (readonly [string, Partial<FirstStart>])[] = [
  ["it opened before", { isSeen: true }],
  ["VS Code opens it itself, because the extension was installed from this window", { installedAtMs: 3000 }],
  ["the user wants no walkthroughs after installations", { opensWalkthroughs: false }],
  ["the window is remote", { remoteName: "ssh-remote" }],
  ["the extension is being developed or tested", { isProduction: false }],
];
for (const [why, changed] of others) {
  test(`the walkthrough does not open if ${why}`, () => {
    assert.equal(opensWalkthrough({ ...first, ...changed }), false);
  });
}

beforeEach(() => {
  dialogs.reset();
  settings.clear();
});

/** An extension context for an extension that is installed in a folder. */
function installedIn(folder: string, extensionMode = 1) {
  const globalState = memento();
  const asAbsolutePath = (name: string): string => path.join(folder, name);
  // The object has all members that are used.
  const extension = { globalState, extensionMode, asAbsolutePath } as unknown as vscode.ExtensionContext;
  return { extension, globalState };
}

const opening = ["workbench.action.openWalkthrough"];

test("the walkthrough opens at the first start only", async () => {
  const { extension } = installedIn(root);
  await openWalkthroughOnce(extension);
  assert.deepEqual(dialogs.changed, opening);
  await openWalkthroughOnce(extension);
  assert.deepEqual(dialogs.changed, opening);
});

test("an extension that was installed after this process started leaves the walkthrough to VS Code, for good", async () => {
  await inTemporaryFolder(async (folder) => {
    writeFileSync(path.join(folder, "package.json"), "{}");
    const { extension, globalState } = installedIn(folder);
    await openWalkthroughOnce(extension);
    assert.equal(globalState.kept("walkthroughSeen.v1"), true);
  });
  assert.deepEqual(dialogs.changed, []);
});

test("the walkthrough stays closed while the extension is developed, or if the user wants none", async () => {
  await openWalkthroughOnce(installedIn(root, 2).extension);
  settings.set("workbench.welcomePage.walkthroughs.openOnInstall", false);
  await openWalkthroughOnce(installedIn(root).extension);
  assert.deepEqual(dialogs.changed, []);
});
