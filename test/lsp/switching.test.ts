import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { importModel } from "../../src/rwkv/import/importModel.js";
import { modelMethod, type ReadyModel } from "../../src/shared/protocol.js";
import { LspServer } from "../support/lspServer.js";
import { fixtures } from "../support/paths.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

async function imported(folder: string): Promise<string> {
  const made = path.join(folder, "small");
  const options = { folder: made, name: "small", quantization: "none", chat: "none", vocabulary: undefined } as const;
  const task = { onProgress: () => undefined, cancellation: neverCancelled };
  await importModel(path.join(fixtures, "rwkv/v7-small/model.safetensors"), options, task);
  return made;
}

const askModel = (server: LspServer): Promise<ReadyModel> => server.connection.sendRequest(modelMethod);

test("a request that arrives while a model is being replaced is answered by the new one", () =>
  inTemporaryFolder(async (folder) => {
    const places = [await imported(folder), ""];
    const server = await LspServer.start();
    await askModel(server);
    for (let i = 0; i < 4; i++) {
      const modelPath = places[i % 2]!;
      await server.configure({ modelPath });
      const answers = await Promise.all([askModel(server), askModel(server)]);
      assert.deepEqual(
        answers.map((answer) => answer.modelPath),
        [modelPath, modelPath],
      );
    }
    // If another model is selected while a request waits for the first one to load, the other model answers it.
    await server.configure({ modelPath: places[0]! });
    const waiting = askModel(server);
    await server.configure({ modelPath: "" });
    assert.equal((await waiting).modelPath, "");
    assert.equal(await server.stop(), 0);
  }));

const skip = process.platform === "win32" && "no named pipes in folders on Windows";
test("a named pipe in a model folder fails the load at once, and another model can be selected", { skip }, () =>
  inTemporaryFolder(async (folder) => {
    const good = await imported(folder);
    const server = await LspServer.start();
    for (const name of ["model.json", "model.safetensors"]) {
      const bad = path.join(folder, `bad-${name}`);
      cpSync(good, bad, { recursive: true });
      rmSync(path.join(bad, name));
      spawnSync("mkfifo", [path.join(bad, name)]);
      await server.configure({ modelPath: bad });
      await assert.rejects(askModel(server), /cannot be loaded: .*, not a file; give a regular file/);
      await server.configure({ modelPath: good });
      assert.equal((await askModel(server)).modelPath, good);
    }
    assert.equal(await server.stop(), 0);
  }),
);
