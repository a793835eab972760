import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { Worker } from "node:worker_threads";
import { loadAddon } from "../../src/rwkv/native/addon.js";
import { root } from "../support/paths.js";

const loaded = loadAddon();
const skip = loaded === undefined && "the native engine was not built: no C++ compiler";
const addon = loaded!;
const binary = path.join(root, "dist/native", `${process.platform}-${process.arch}.node`);

test("the addon can be loaded in two worker threads too", { skip }, async () => {
  for (let i = 0; i < 2; i++) {
    const worker = new Worker(
      `const { parentPort, workerData } = require("node:worker_threads");
       const addon = { exports: {} };
       process.dlopen(addon, workerData);
       parentPort.postMessage(addon.exports.instructionSets());`,
      { eval: true, workerData: binary },
    );
    const sets = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
    assert.deepEqual(sets, addon.instructionSets());
    await worker.terminate();
  }
});
