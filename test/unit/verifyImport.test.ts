import assert from "node:assert/strict";
import os from "node:os";
import path from "node:path";
import test, { type TestContext } from "node:test";
import { verifyImport } from "../../src/rwkv/import/verifyImport.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { fixtures } from "../support/paths.js";

const source = path.join(fixtures, "rwkv/v7-small/model.safetensors");
/**
 * 2.5 times the fp32 bytes of three layers of width 128, with a channel-mix four times as wide, and of the rows of 256
 * tokens in the embedding and the head.
 */
const neededBytes = 2.5 * 4 * (3 * (6 * 128 ** 2 + 2 * 128 * 512) + 2 * 256 * 128);

/** Verifies an import on a machine with this much free memory. The imported model's folder does not exist. */
function verifiedWith(t: TestContext, freeBytes: number, limitBytes = Infinity) {
  t.mock.method(os, "freemem", () => freeBytes);
  if ("availableMemory" in process) t.mock.method(process, "availableMemory", () => limitBytes);
  return verifyImport(source, "/nowhere", neverCancelled);
}

test("a source that needs more memory than is free is not compared", async (t) => {
  assert.deepEqual(await verifiedWith(t, neededBytes - 1), { kind: "tooLarge", neededBytes });
});

test("a source that needs as much as is free is compared", async (t) => {
  await assert.rejects(verifiedWith(t, neededBytes), /nowhere/);
});

const skip = !("availableMemory" in process) && "this version of Node does not know the limit";
test("the limit of a container counts, too", { skip }, async (t) => {
  assert.deepEqual(await verifiedWith(t, Infinity, neededBytes - 1), { kind: "tooLarge", neededBytes });
});
