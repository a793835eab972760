import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { dialogs } from "../support/vscodeStandIn.js";
import { clearStoredStates } from "../../src/extension/storedStates.js";
import { storedStatesFolder } from "../../src/shared/storedStatesFolder.js";
import { inTemporaryFolder } from "../support/temporary.js";

test("all stored states are deleted, and nothing else; if there are none, that is no error", async () => {
  await inTemporaryFolder(async (storage) => {
    const states = storedStatesFolder(storage);
    mkdirSync(states);
    writeFileSync(path.join(states, "a.state"), "");
    writeFileSync(path.join(storage, "b.index"), "");
    for (let i = 0; i < 2; i++) {
      dialogs.reset();
      await clearStoredStates(storage);
      assert.deepEqual(readdirSync(storage), ["b.index"]);
      assert.match(dialogs.shown[0]!, /The stored states were deleted/);
    }
  });
});
