import assert from "node:assert/strict";
import path from "node:path";
import test, { beforeEach } from "node:test";
import { dialogs, registrations } from "../support/vscodeStandIn.js";
import type * as vscode from "vscode";
import { Models, type ModelsParts } from "../../src/extension/models/models.js";
import { memento } from "../support/memento.js";
import { inTemporaryFolder } from "../support/temporary.js";

beforeEach(() => {
  dialogs.reset();
});

/** Runs a test with the model commands of an extension in an empty folder. `did` records their errors and choices. */
async function withModels(
  work: (models: Models, did: { readonly errors: unknown[]; chosen: number }) => Promise<void>,
  downloadSource = "auto",
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const did = { errors: [] as unknown[], chosen: 0 };
    const asAbsolutePath = (name: string): string => path.join(folder, name);
    const models = new Models({
      extension: { asAbsolutePath, globalState: memento(), secrets: {} },
      imported: path.join(folder, "models"),
      named: () => ({ setting: "", folder: "", isMissing: false }),
      restart: async () => undefined,
      onError: (error: unknown) => did.errors.push(error),
      onChosen: () => did.chosen++,
      downloads: path.join(folder, "downloads"),
      downloadSource: () => downloadSource,
    } as unknown as ModelsParts & { readonly extension: vscode.ExtensionContext }); // only these members are used
    await work(models, did);
    models.dispose();
    assert.equal(registrations.open, 0);
  });
}

test("a model that another program selects is used if the user agrees, and then counts as chosen", async () => {
  await withModels(async (models, did) => {
    await models.select("small");
    assert.deepEqual([dialogs.changed, did.chosen], [[], 0]);
    dialogs.answer = "Use It";
    await models.select("small");
    await models.select("");
    assert.deepEqual([dialogs.changed, did.chosen, did.errors], [["model = small", "model = undefined"], 2, []]);
    assert.match(
      dialogs.shown.at(-1)!,
      /^RWKV Code: Use the embedded model\? This was requested by another extension or a link\.$/,
    );
  });
});

test("an argument that is not a model's name is ignored: the user is asked, and may choose another command instead of a model", async () => {
  await withModels(async (models, did) => {
    await models.select(7);
    assert.ok(dialogs.shown.includes("$(settings-gear) Manage Models…"));
    dialogs.answer = "$(settings-gear) Manage Models…";
    await models.select();
    assert.deepEqual([dialogs.changed, did.chosen], [["rwkvCode.manageModels"], 0]);
  });
});

test("an import that the user cancels chooses nothing", async () => {
  await withModels(async (models, did) => {
    assert.equal(await models.import(), undefined);
    assert.deepEqual([did.chosen, did.errors], [0, []]);
  });
});

test("what fails is shown and logged by the command itself", async () => {
  await withModels(async (models, did) => {
    await models.setToken();
    assert.equal(did.errors.length, 1);
    assert.match(dialogs.shown.at(-1)!, /^RWKV Code: /);
    assert.equal(did.chosen, 0);
    await models.removeToken();
    assert.deepEqual([did.errors.length, dialogs.shown.at(-1)], [1, "RWKV Code: No access token is set."]);
  }, "http://example.com");
});
