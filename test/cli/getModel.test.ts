import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type * as vscode from "vscode";
import { dialogs, fileUri } from "../support/vscodeStandIn.js";
import { Models } from "../../src/extension/models/models.js";
import { namedModel } from "../../src/extension/models/namedModel.js";
import { FakeHub } from "../support/fakeHub.js";
import { root } from "../support/paths.js";
import {
  catalogueOf,
  publishedFile,
  publishedGguf,
  publishedName,
  publishedRepository,
} from "../support/publishedModel.js";
import { inTemporaryFolder } from "../support/temporary.js";

const gguf = publishedGguf("Hello.");

interface Window {
  readonly hub: FakeHub;
  readonly models: Models;
  readonly folder: string;
  /** How often a model was chosen. */
  readonly chosen: () => number;
}

/** Runs a test with the model commands of one window, and with a hub that offers one model. */
async function inWindow(run: (window: Window) => Promise<void>): Promise<void> {
  const hub = await FakeHub.start();
  hub.add(publishedRepository, publishedFile, gguf);
  try {
    await inTemporaryFolder(async (folder) => {
      mkdirSync(path.join(folder, "models"));
      writeFileSync(path.join(folder, "catalogue.json"), catalogueOf(gguf));
      const extension = {
        asAbsolutePath: (name: string) =>
          name === "models/catalogue.json" ? path.join(folder, "catalogue.json") : path.join(root, name),
        globalStorageUri: fileUri(folder),
        globalState: { get: (_: string, otherwise: unknown) => otherwise, update: async () => undefined },
        secrets: { get: async () => undefined },
      } as unknown as vscode.ExtensionContext; // only these members are used
      const imported = path.join(folder, "models");
      let chosen = 0;
      const models = new Models({
        extension,
        imported,
        named: () => namedModel("", imported),
        restart: async () => undefined,
        downloads: path.join(folder, "downloads"),
        downloadSource: () => hub.endpoint,
        onError: () => undefined,
        onChosen: () => chosen++,
      });
      await run({ hub, models, folder, chosen: () => chosen });
    });
  } finally {
    await hub.stop();
  }
}

const shown = (): string => dialogs.shown.join("\n");

test("the model that is picked is downloaded, imported, compared and offered; nothing of the download remains", () =>
  inWindow(async ({ hub, models, folder, chosen }) => {
    dialogs.reset("Enter");
    dialogs.presses = ["Use It"];
    await models.get();
    assert.match(shown(), /Downloading Tiny/);
    assert.match(shown(), /MB of .*MB|kB of .*kB/);
    assert.match(shown(), /rwkv7-g1-tiny is imported and takes \d+ kB on disk\. .* the same token in \d+ of \d+ cases/);
    while (dialogs.changed.length === 0) await new Promise((done) => setTimeout(done, 5)); // until the model is set
    assert.deepEqual(dialogs.changed, [`model = ${publishedName}`]);
    assert.deepEqual(readdirSync(path.join(folder, "models")), [publishedName]);
    assert.deepEqual(readdirSync(path.join(folder, "downloads")), []);

    dialogs.reset("Enter");
    await models.get();
    assert.match(shown(), /\$\(check\) Tiny/);
    assert.deepEqual(dialogs.changed, [`model = ${publishedName}`], "one that is imported is used");
    assert.equal(chosen(), 2);
    assert.equal(hub.fetched.length, 1);
  }));

test("a failure says what to do and which bytes are kept, and another attempt continues", () =>
  inWindow(async ({ hub, models, folder }) => {
    hub.answers.push({ kind: "page" }, { kind: "cut", bytes: 70_000 }, { kind: "status", status: 401 });
    hub.answers.push({ kind: "status", status: 429, headers: { "retry-after": "9999" } });
    dialogs.reset("Enter");
    dialogs.presses = ["Try Again", "Continue"];
    await models.get();
    assert.match(shown(), /sent a web page instead of the file.* Nothing was downloaded\.\n/);
    assert.match(shown(), /allows no more downloads for now.* The 70 kB received so far are kept\.\n/);
    assert.deepEqual(readdirSync(path.join(folder, "models")), [publishedName]);
  }));

test("Discard removes the received bytes", () =>
  inWindow(async ({ hub, models, folder, chosen }) => {
    hub.answers.push(
      { kind: "cut", bytes: 70_000 },
      { kind: "status", status: 429, headers: { "retry-after": "9999" } },
    );
    dialogs.reset("Enter");
    dialogs.presses = ["Discard"];
    await models.get();
    assert.equal(chosen(), 0);
    assert.match(shown(), /allows no more downloads for now: try again in 167 min\./);
    assert.ok(!existsSync(path.join(folder, "downloads", publishedName)));
    assert.deepEqual(readdirSync(path.join(folder, "models")), []);
  }));

test("a whole file that is not a model leaves no model, and the download can be discarded", () =>
  inWindow(async ({ hub, models, folder }) => {
    const wrong = Buffer.alloc(gguf.length, 1);
    hub.add(publishedRepository, publishedFile, wrong);
    writeFileSync(path.join(folder, "catalogue.json"), catalogueOf(wrong));
    dialogs.reset("Enter");
    dialogs.presses = ["Discard Download"];
    await models.get();
    assert.match(shown(), /Tiny was downloaded, but could not be imported: .*tiny-Q8_0\.gguf/);
    assert.deepEqual(readdirSync(path.join(folder, "models")), []);
    assert.deepEqual(readdirSync(path.join(folder, "downloads")), []);
  }));
