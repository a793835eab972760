import { dialogs } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { downloadInWindow } from "../../src/extension/models/downloadInWindow.js";
import { inTemporaryFolder } from "../support/temporary.js";

test("without a network the user sees which hosts were tried; it is logged, and no folder is left", () =>
  inTemporaryFolder(async (temporary) => {
    dialogs.reset();
    const folder = path.join(temporary, "downloads/small");
    const logged: string[] = [];
    const urls = ["https://nowhere.invalid/a.gguf", "https://neither.invalid/a.gguf"];
    const file = await downloadInWindow({
      title: "Small",
      files: { weights: { name: "a.gguf", urls, bytes: 10, sha256: "0".repeat(64) }, vocabulary: undefined },
      folder,
      tokenFor: async () => undefined,
      discard: async () => undefined,
      onFailure: (reason) => logged.push(reason),
    });
    assert.equal(file, undefined);
    const hosts = /nowhere\.invalid, neither\.invalid|neither\.invalid, nowhere\.invalid/;
    assert.match(logged.join("\n"), hosts);
    assert.match(dialogs.shown.at(-1)!, /^RWKV Code: There is no network connection to .*Nothing was downloaded\.$/);
    assert.match(dialogs.shown.at(-1)!, hosts);
    assert.ok(!existsSync(folder));
  }));
