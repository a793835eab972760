import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { LspServer } from "../support/lspServer.js";
import { embeddedModel, root } from "../support/paths.js";
import { inTemporaryFolder } from "../support/temporary.js";

test("a model with an old calibration format completes, and the editor is notified", () =>
  inTemporaryFolder(async (folder) => {
    cpSync(embeddedModel, folder, { recursive: true });
    const older = JSON.stringify({ mixture: { weights: [1] }, bias: 0 });
    writeFileSync(path.join(folder, "calibration.json"), older);
    const file = path.join(folder, "model.json");
    const json = JSON.parse(readFileSync(file, "utf8")) as { files: Record<string, object> };
    json.files["calibration.json"] = { sha256: createHash("sha256").update(older).digest("hex") };
    writeFileSync(file, JSON.stringify(json));

    const server = await LspServer.start({ settings: { modelPath: folder } });
    const told: string[] = [];
    server.connection.onNotification("window/showMessage", ({ message }: { message: string }) => {
      told.push(message);
    });
    await server.open("file:///a.ts", readFileSync(path.join(root, "media/sample.ts"), "utf8"));
    await server.status("ready");
    assert.ok((await server.complete("file:///a.ts", 17, 10)).length > 0);
    assert.equal(await server.stop(), 0);
    assert.equal(told.length, 1);
    assert.match(told[0]!, /calibration\.json: is not a calibration, or one of an older form/);
  }));
