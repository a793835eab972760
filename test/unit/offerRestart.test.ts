import assert from "node:assert/strict";
import test from "node:test";
import { dialogs } from "../support/vscodeStandIn.js";
import { offerRestart } from "../../src/extension/offerRestart.js";

for (const [answer, expected] of [
  ["Restart", ["restart"]],
  ["Show Output", ["output"]],
  [undefined, []],
] as const) {
  test(`a server that crashed too often: the user answers ${answer ?? "nothing"}`, async () => {
    dialogs.reset(answer);
    const done: string[] = [];
    const output = { show: () => void done.push("output") };
    await offerRestart({ restart: async () => void done.push("restart") }, output);
    assert.deepEqual(done, expected);
    assert.match(dialogs.shown[0]!, /crashed several times in a row and was not restarted/);
  });
}
