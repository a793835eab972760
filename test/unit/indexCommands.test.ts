import { fire } from "../support/editorEvents.js";
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test, { beforeEach } from "node:test";
import { dialogs } from "../support/vscodeStandIn.js";
import type { CompletionClient } from "../../src/extension/completionClient.js";
import { indexCommands, indexText, watchSettings } from "../../src/extension/workspaceIndex.js";
import { inTemporaryFolder } from "../support/temporary.js";

beforeEach(() => {
  dialogs.reset();
});

const state = { files: 2, leftOut: 0, bytes: 100, isBuilding: false };

/** The commands of the workspace index, with a server that always responds with `answer`. */
function commands(answer: typeof state | null | undefined, storagePath = "/nowhere") {
  const asked: object[] = [];
  const client = {
    request: async (method: string, params: object) => {
      asked.push({ method, ...params });
      return answer;
    },
  } as unknown as CompletionClient; // only these members are used
  return { asked, commands: indexCommands(client, storagePath) };
}

test("the state of the index comes from the server; without an index or a server there is none", async () => {
  for (const [answer, expected] of [[state, state], [null, undefined], [undefined, undefined]] as const) {
    const { asked, commands: all } = commands(answer);
    assert.deepEqual(await all["rwkvCode.workspaceIndexState"]?.(), expected);
    assert.deepEqual(asked, [{ method: "rwkv/workspaceIndex", action: "state" }]);
  }
}); // prettier-ignore

for (const [claim, answer, message] of [
  ["that it is being rebuilt", state, "RWKV Code: The workspace index is being rebuilt."],
  ["what to open if nothing is indexed", null, "RWKV Code: The workspace is not indexed. Open a document of a trusted folder first."],
] as const) {
  test(`a user who rebuilds the index is told ${claim}`, async () => {
    const { asked, commands: all } = commands(answer);
    await all["rwkvCode.rebuildWorkspaceIndex"]?.();
    assert.deepEqual([asked, dialogs.shown], [[{ method: "rwkv/workspaceIndex", action: "rebuild" }], [message]]);
  });
} // prettier-ignore

test("clearing deletes this workspace's index; without one, those of all workspaces and no other file", async () => {
  await inTemporaryFolder(async (folder) => {
    const others = ["a.indexes", "index", "states"];
    const names = ["a.index", "a.index.new", ...others];
    for (const name of names) writeFileSync(path.join(folder, name), "");
    const open = commands(state, folder);
    await open.commands["rwkvCode.clearWorkspaceIndex"]?.();
    assert.deepEqual(open.asked, [{ method: "rwkv/workspaceIndex", action: "clear" }]);
    assert.deepEqual(readdirSync(folder), names);
    assert.match(dialogs.shown.at(-1)!, /^RWKV Code: The workspace index was deleted\./);
    await commands(null, folder).commands["rwkvCode.clearWorkspaceIndex"]?.();
    assert.deepEqual(readdirSync(folder), others);
    assert.match(dialogs.shown.at(-1)!, /stored indexes of all workspaces were deleted/);
  });
});

test("clearing when nothing was ever stored is no error", async () => {
  await commands(undefined).commands["rwkvCode.clearWorkspaceIndex"]?.();
  assert.match(dialogs.shown.at(-1)!, /were deleted/);
});

for (const [files, leftOut, isBuilding, text] of [
  [1, 0, false, "1 file indexed"],
  [2, 0, false, "2 files indexed"],
  [2, 3, false, "2 files indexed, 3 left out"],
  [0, 0, true, "0 files indexed, more are being read"],
] as const) {
  test(`the extent of the index: ${text}`, () => {
    assert.equal(indexText({ files, leftOut, bytes: 0, isBuilding }), text);
  });
}

for (const [changed, isHeeded] of [["rwkvCode", true], ["files.exclude", true], ["search.exclude", true], ["editor", false]] as const) {
  test(`a change of ${changed} is ${isHeeded ? "" : "not "}a change of the settings`, () => {
    let changes = 0;
    const watching = watchSettings(() => changes++);
    fire("onDidChangeConfiguration", { affectsConfiguration: (section: string) => section === changed });
    for (const one of watching) one.dispose();
    assert.equal(changes, isHeeded ? 1 : 0);
  });
} // prettier-ignore

test("trusting the workspace is a change of the settings, because only then it is indexed", () => {
  let changes = 0;
  const watching = watchSettings(() => changes++);
  fire("onDidGrantWorkspaceTrust");
  for (const one of watching) one.dispose();
  assert.equal(changes, 1);
});
