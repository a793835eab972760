import { dialogs } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { ModelFailure } from "../../src/extension/models/modelFailure.js";

const embedded = path.join(path.sep, "extensions", "rwkv-code", "models", "default");
const wrongHash = "is not the file that model.json names (sha256 a, not b); copy it again";
const damaged = `${path.join(embedded, "model.safetensors")}: ${wrongHash}`;

async function shownFor(reason: string, press?: string): Promise<{ shown: string[]; run: string[] }> {
  dialogs.reset(press);
  await new ModelFailure(embedded).status({ kind: "failed", reason });
  return { shown: dialogs.shown, run: dialogs.changed };
}

test("for a damaged model of the extension, the user is told to reinstall it, with a button that opens its page", async () => {
  const { shown, run } = await shownFor(damaged, "Reinstall…");
  assert.deepEqual(shown, ["RWKV Code: The model that comes with the extension is damaged. Reinstall the extension."]);
  assert.deepEqual(run, ["extension.open"]);
});

test("for a damaged model of the user, the message names its file, and another model can be selected", async () => {
  const reason = `/home/me/models/a/model.safetensors: ${wrongHash}`;
  const { shown, run } = await shownFor(reason, "Select Model…");
  assert.deepEqual(shown, [`RWKV Code: ${reason}`]);
  assert.deepEqual(run, ["rwkvCode.selectModel"]);
});

test("each reason is shown once, and again after the model was loaded", async () => {
  dialogs.reset();
  const failure = new ModelFailure(embedded);
  const failed = { kind: "failed", reason: damaged } as const;
  for (let i = 0; i < 3; i++) await failure.status(failed);
  assert.equal(dialogs.shown.length, 1);
  await failure.status({ kind: "ready", model: "m", modelPath: "", engine: "e", chat: "none", tokensPerSecond: 1 });
  await failure.status(failed);
  assert.equal(dialogs.shown.length, 2);
});
