import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import type { Model } from "../../src/core/model.js";
import { FakeModel } from "../support/fakeModel.js";
import { resultOf, ServedClient } from "../support/servedClient.js";
import { code, folder, started, uriOf } from "../support/startedServer.js";
import { inTemporaryFolder } from "../support/temporary.js";

test(
  "the index looks at a document again when the user leaves it for another one, saves it or closes it",
  { timeout: 20_000 },
  () =>
    inTemporaryFolder(async (root) => {
      const inRoot = (name: string): string => pathToFileURL(path.join(root, name)).href;
      for (const name of ["one.ts", "gone.ts"]) writeFileSync(path.join(root, name), code);
      const settings = { workspaceContext: true };
      const { client, ready } = await started({ settings, folder: pathToFileURL(root).href });
      const files = async () => {
        for (;;) {
          const asked = await client.request("rwkv/workspaceIndex", { action: "state" });
          const state = resultOf(asked) as { files: number; isBuilding: boolean } | null;
          if (state?.isBuilding !== true) return state?.files;
          await new Promise(setImmediate);
        }
      };
      const focus = (name: string): void => {
        client.notify("textDocument/didFocus", { textDocument: { uri: inRoot(name) } });
      };
      for (const name of ["one.ts", "gone.ts", "saved.ts", "closed.ts"]) client.open(inRoot(name), code);
      await ready();
      assert.equal(await files(), 2);
      rmSync(path.join(root, "gone.ts"));
      for (const name of ["saved.ts", "closed.ts"]) writeFileSync(path.join(root, name), code);
      for (const [told, expected] of [
        [() => { focus("gone.ts"); }, 2],
        [() => { focus("gone.ts"); }, 2],
        [() => { focus("one.ts"); }, 1],
        [() => { client.notify("textDocument/didSave", { textDocument: { uri: inRoot("saved.ts") } }); }, 2],
        [() => { client.notify("textDocument/didClose", { textDocument: { uri: inRoot("closed.ts") } }); }, 3],
        [() => { client.notify("rwkv/settings", { workspaceContext: false }); }, undefined],
        [() => { client.notify("rwkv/settings", { workspaceContext: true }); }, 3],
      ] as const) {
        told();
        assert.equal(await files(), expected);
      }
    }),
); // prettier-ignore

for (const focused of ["a.ts", "b.ts"]) {
  test(
    `once the model is loaded, the document in which the user works, ${focused}, is read to its end, at a low priority`,
    { timeout: 20_000 },
    async (t) => {
      const levels: number[] = [];
      t.mock.method(os, "getPriority", () => 0);
      t.mock.method(os, "setPriority", (level: number) => void levels.push(level));
      let give: (model: Model) => void = () => undefined;
      const model = new Promise<Model>((resolve) => (give = resolve));
      const client = await ServedClient.start({ load: () => model, folder });
      for (const name of ["a.ts", "b.ts"]) client.open(uriOf(name), code.repeat(200));
      client.notify("textDocument/didFocus", { textDocument: { uri: uriOf(focused) } });
      await client.statisticsNow();
      give(new FakeModel({ knows: code }));
      const isRead = async (name: string): Promise<boolean> => {
        const { documents } = await client.statisticsNow();
        return documents.some(({ uri, tokens, tokensRead }) => uri === uriOf(name) && tokensRead > tokens - 64);
      };
      while (!(await isRead(focused)) || levels.at(-1) !== 0) await new Promise(setImmediate);
      assert.equal(await isRead(focused === "a.ts" ? "b.ts" : "a.ts"), false);
      const low = os.constants.priority.PRIORITY_BELOW_NORMAL;
      // The first two levels test whether a lowered priority can be raised again.
      assert.deepEqual([levels.slice(0, 3), new Set(levels.slice(2))], [[1, 0, low], new Set([low, 0])]);
    },
  );
}
