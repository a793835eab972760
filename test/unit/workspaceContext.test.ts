import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { TextDocument } from "vscode-languageserver-textdocument";
import { WorkspaceContext, type WorkspaceContextOptions } from "../../src/server/workspaceContext.js";
import { defaultSettings } from "../../src/shared/protocol.js";
import { FakeModel } from "../support/fakeModel.js";
import { write } from "../support/indexing.js";
import { inTemporaryFolder } from "../support/temporary.js";

type Engine = NonNullable<ReturnType<WorkspaceContextOptions["engine"]>>;

interface TestContext {
  readonly context: WorkspaceContext;
  readonly engine: Engine;
  /** Waits until the indexer is idle. @returns how many steps it has taken. */
  readonly steps: () => Promise<number>;
}

/** Indexes these folders, and waits until that is done. */
async function contextOf(
  folders: readonly string[],
  workspaceExclude: readonly string[] = [],
  storage?: string,
): Promise<TestContext> {
  let steps = 0;
  const engine: Engine = {
    model: new FakeModel(),
    workspace: undefined,
    runInBackground: (work) => {
      steps++;
      return Promise.resolve(work());
    },
  };
  const context = new WorkspaceContext({
    engine: () => engine,
    settings: () => ({ ...defaultSettings, workspaceContext: true, workspaceExclude }),
    folders: () => folders.map((folder) => pathToFileURL(folder).href),
    isExcluded: () => false,
    storage: () => storage,
    onError: (error) => {
      throw error;
    },
    onLeftOut: () => undefined,
  });
  context.update();
  const idle = async (): Promise<number> => {
    while ((await context.answer({ action: "state" }))?.isBuilding === true) await new Promise(setImmediate);
    return steps;
  };
  await idle();
  return { context, engine, steps: idle };
}

test("globs are relative to the folder that contains the file, not to one whose name begins alike", async () => {
  await inTemporaryFolder(async (folder) => {
    const names = ["app/private/a.ts", "app-gen/private/b.ts", "app-gen/own/c.ts", "app/inner/private/d.ts"];
    write(folder, Object.fromEntries(names.map((name) => [name, "let a;\n"])));
    const folders = ["app", "app-gen", "app/inner"].map((name) => path.join(folder, name));
    const { context, engine } = await contextOf(folders, ["private"]);
    assert.deepEqual(
      engine.workspace?.paths.map((one) => one.split("/").at(-1)),
      ["c.ts"],
    );
    await context.dispose();
  });
});

test("a document that was not changed since it was left or saved is not read when it is left again", async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, { "w/a.ts": "let a;\n" });
    const { context, steps } = await contextOf([path.join(folder, "w")]);
    const uri = pathToFileURL(path.join(folder, "w/a.ts")).href;
    const document = (version: number, text: string) => TextDocument.create(uri, "typescript", version, text);
    const stepsOf = async (act: () => void): Promise<number> => {
      const before = await steps();
      act();
      return (await steps()) - before;
    };
    const left = (version: number, text: string) => () => {
      context.left(document(version, text));
    };
    assert.equal(await stepsOf(left(1, "let b;\n")), 1);
    assert.equal(await stepsOf(left(1, "let b;\n")), 0);
    assert.equal(await stepsOf(left(2, "let c;\n")), 1);
    context.saved(document(3, "let a;\n"));
    assert.equal(await stepsOf(left(3, "let a;\n")), 0);
    context.changed([uri]);
    assert.equal(await stepsOf(left(3, "let a;\n")), 1);
    await context.dispose();
  });
});

test("a cleared index stays cleared when settings change, until it is rebuilt", async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, { "w/a.ts": "let a;\n", "w/b.ts": "let b;\n" });
    const exclude: string[] = [];
    const storage = path.join(folder, "kept");
    const { context, steps } = await contextOf([path.join(folder, "w")], exclude, storage);
    const files = async (action: "state" | "clear" | "rebuild"): Promise<number | undefined> => {
      await context.answer({ action });
      await steps();
      return (await context.answer({ action: "state" }))?.files;
    };
    assert.equal(await files("state"), 2);
    assert.equal(await files("clear"), 0);
    exclude.push("b.ts");
    context.update();
    assert.equal(await files("state"), 0);
    assert.deepEqual(readdirSync(storage), []);
    assert.equal(await files("rebuild"), 1);
    await context.close();
    assert.equal(readdirSync(storage).length, 1);
  });
});
