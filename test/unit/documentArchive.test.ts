import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { CompletionEngine } from "../../src/core/engine/completionEngine.js";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import type { StateArchive } from "../../src/core/states/stateArchive.js";
import type { CompletionCounter } from "../../src/core/statistics.js";
import { Cancelled, neverCancelled } from "../../src/shared/cancellation.js";
import { StoredStates } from "../../src/storedStates/storedStates.js";
import { FakeModel } from "../support/fakeModel.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { testEngine } from "../support/testEngine.js";

const uri = "file:///src/a.ts";
const line = (i: number): string => `const value${i} = compute(${i}, ${i % 7});`;
const lines = Array.from({ length: 600 }, (_, i) => line(i));

/** A request may read 750 tokens, whatever the speed of this machine: 3 a second for a quarter of the time budget. */
const slowModel = (): FakeModel => new FakeModel({ prefillTokensPerSecond: 3 });

const fail = (error: unknown): void => {
  throw error;
};

interface Run {
  readonly engine: CompletionEngine;
  readonly counter: CompletionCounter;
  /** The number of tokens read so far. */
  readonly tokensRead: () => number;
  /** Completes at the end of a line. @returns the kind of state that it started from. */
  readonly complete: (line: number) => Promise<string>;
  /** Resolves when there is nothing left to read. */
  readonly read: () => Promise<void>;
  /** Resolves the next time that background reading ends. */
  readonly idle: () => Promise<void>;
}

/** One run of a server: the document is opened, `work` is done, and at the end the states are saved. */
async function inRun(
  { folder, maxBytes = 2 ** 20 }: { readonly folder: string; readonly maxBytes?: number },
  model: FakeModel,
  text: readonly string[],
  work: (run: Run) => Promise<void>,
) {
  const archive = new StoredStates({
    folder,
    model,
    maxBytes: () => maxBytes,
    isAllowed: () => true,
    onError: fail,
  });
  let onIdle = (): void => undefined;
  const onProgress = (of: string | undefined): void => {
    if (of === undefined) onIdle();
  };
  const background = { quietMs: 0, onProgress, onError: fail };
  const store = new CheckpointStore(2 ** 24);
  const { engine, counter } = testEngine(model, { store, archive, background, limits: { timeBudgetMs: 1e6 } });
  const startRuns = model.runs.length;
  const tokensRead = (): number => model.runs.slice(startRuns).reduce((sum, tokens) => sum + tokens, 0);
  engine.documents.open({ uri, headerPath: "src/a.ts" }, text.join("\n"));
  const complete = async (at: number): Promise<string> => {
    const rawLine = text[at]!;
    await engine.complete(
      { uri, line: at, character: rawLine.length, rawLine },
      { trigger: "invoked" },
      neverCancelled,
    );
    return counter.last!.source;
  };
  const idle = (): Promise<void> => new Promise((resolve) => (onIdle = resolve));
  const read = async (): Promise<void> => {
    while (engine.documents.progress()[0]!.tokensRead < 64 * Math.floor(engine.documents.progress()[0]!.tokens / 64)) {
      await idle();
    }
  };
  await work({ engine, counter, tokensRead, complete, read, idle });
  await engine.dispose();
  store.checkInvariants();
}

test("after a restart, completions anywhere are exact without reading the text again", () =>
  inTemporaryFolder(async (folder) => {
    const model = slowModel();
    await inRun({ folder }, model, lines, async ({ engine, read }) => {
      engine.documents.focus(uri);
      await read();
    });
    await inRun({ folder }, model, lines, async ({ engine, complete, tokensRead, read }) => {
      engine.documents.focus(uri);
      for (const at of [599, 300, 10, 450]) assert.equal(await complete(at), "exact", `line ${at}`);
      await read();
      assert.ok(tokensRead() < 4 * 750 + 512, `${tokensRead()} tokens read`);
    });
  }));

test("a restart is exact even if a lower speed is measured then", () =>
  inTemporaryFolder(async (folder) => {
    const model = slowModel();
    await inRun({ folder }, model, lines, async ({ engine, read }) => {
      engine.documents.focus(uri);
      await read();
    });
    model.prefillTokensPerSecond = 1.1; // 275 tokens in a quarter of the time budget
    await inRun({ folder }, model, lines, async ({ engine, complete }) => {
      engine.documents.focus(uri);
      for (let at = 599; at > 0; at -= 23) assert.equal(await complete(at), "exact", `line ${at}`);
    });
  }));

test("if exact states of a long document do not fit, packed ones are stored, and one before the cursor", () =>
  inTemporaryFolder(async (folder) => {
    const model = new FakeModel({ prefillTokensPerSecond: 3, stateFloats: 4096 });
    const share = 2 ** 20 / 8;
    await inRun({ folder }, model, lines, async ({ engine, complete, read }) => {
      engine.documents.focus(uri);
      await read();
      await complete(444);
      assert.ok(engine.documents.progress()[0]!.tokens / 750 > share / model.stateBytes);
    });
    const sizes = readdirSync(folder).filter((name) => name.endsWith(".state")).map((name) => statSync(path.join(folder, name)).size); // prettier-ignore
    const exact = sizes.filter((size) => size > model.stateBytes);
    assert.equal(exact.length, 1);
    assert.ok(sizes.length > share / model.stateBytes, `${sizes.length} states`);
    assert.ok(sizes.reduce((sum, size) => sum + size - 512, 0) <= share);
    await inRun({ folder }, model, lines, async ({ engine, complete, tokensRead }) => {
      engine.documents.focus(uri);
      assert.equal(await complete(444), "exact");
      for (const at of [599, 300, 510, 150]) assert.equal(await complete(at), "converged", `line ${at}`);
      assert.ok(tokensRead() < 6 * 750, `${tokensRead()} tokens read`);
    });
  }));

test("once there is room, exact states replace the packed ones that were stored", () =>
  inTemporaryFolder(async (folder) => {
    const model = new FakeModel({ prefillTokensPerSecond: 3, stateFloats: 4096 });
    const readAll = async ({ engine, read }: Run): Promise<void> => {
      engine.documents.focus(uri);
      await read();
    };
    const exactOnDisk = (): number =>
      readdirSync(folder).filter((name) => statSync(path.join(folder, name)).size > model.stateBytes).length;
    await inRun({ folder }, model, lines, readAll);
    assert.ok(exactOnDisk() <= 1);
    const workedIn = async (run: Run): Promise<void> => {
      await readAll(run);
      for (const at of [150, 300, 450, 599]) {
        const idle = run.idle();
        await run.complete(at);
        await idle;
      }
    };
    await inRun({ folder, maxBytes: 2 ** 24 }, model, lines, workedIn);
    assert.ok(exactOnDisk() > 3, `${exactOnDisk()}`);
  }));

test("shutting down does not wait for a file that cannot be read, and cancels what does", async () => {
  const never = new Promise<never>(() => undefined);
  const place = { offset: 64, textKey: "a", stateKey: "b" };
  for (const places of [never, Promise.resolve([place])]) {
    const archive: StateArchive = {
      maxDocumentBytes: 2 ** 20,
      placesOf: () => places,
      read: () => never,
      save: () => assert.fail("nothing is known of what would be lost"),
      flush: () => Promise.resolve(),
    };
    const idle: string[] = [];
    const onProgress = (of: string | undefined): void => void idle.push(of ?? "idle");
    const background = { quietMs: 0, onProgress, onError: fail };
    const { engine } = testEngine(slowModel(), { archive, background, limits: { timeBudgetMs: 1e6 } });
    engine.documents.open({ uri, headerPath: "src/a.ts" }, lines.join("\n"));
    engine.documents.focus(uri);
    const request = { uri, line: 300, character: 0, rawLine: lines[300]! };
    const answer = engine.complete(request, { trigger: "invoked" }, { isCancellationRequested: true });
    await engine.dispose();
    await assert.rejects(answer, Cancelled);
    assert.deepEqual(idle, ["idle"]); // nothing was read
  }
});

test("no file holds tokens of the text", () =>
  inTemporaryFolder(async (folder) => {
    await inRun({ folder }, slowModel(), lines, async ({ engine, complete, read }) => {
      engine.documents.focus(uri);
      await read();
      await complete(333); // saves a state in the middle of a block
    });
    const files = readdirSync(folder).map((name) => readFileSync(path.join(folder, name)));
    assert.ok(files.length > 8, `${files.length} files`);
    for (const file of files) {
      const isState = file.toString("latin1", 0, 8) === "RWKVSTA1";
      const text = isState ? file.toString("utf8", 12, 12 + file.readUInt32LE(8)) : file.toString();
      assert.doesNotMatch(text, /\d,\d/); // no list of tokens
      assert.match(text, /stateKey/);
    }
  }));

test("text that was changed in the meantime is read from the last state before the change", () =>
  inTemporaryFolder(async (folder) => {
    const model = slowModel();
    await inRun({ folder }, model, lines, async ({ engine, read }) => {
      engine.documents.focus(uri);
      await read();
    });
    const changed = lines.with(300, "let other = 1;");
    await inRun({ folder }, model, changed, async ({ engine, complete, counter, read, tokensRead }) => {
      engine.documents.focus(uri);
      assert.equal(await complete(299), "exact");
      assert.equal(await complete(599), "window");
      assert.ok(counter.last!.tokensRead > 0);
      await read();
      assert.equal(await complete(599), "exact");
      const after = engine.documents.progress()[0]!.tokens / 2;
      assert.ok(tokensRead() < after + 2 * 750 + 512 + 512, `${tokensRead()} tokens read, ${after} follow the change`);
    });
  }));

test("a converged state is converged after a restart, and stays so only while the text before it is the same", () =>
  inTemporaryFolder(async (folder) => {
    const model = slowModel();
    await inRun({ folder }, model, lines, async ({ engine, read }) => {
      engine.documents.focus(uri);
      await read();
      engine.documents.edit(uri, { startLine: 10, endLine: 11, text: "let edited = 10;\n" });
      await read();
    });
    const edited = lines.with(10, "let edited = 10;");
    await inRun({ folder }, model, edited, async ({ engine, complete, tokensRead, read }) => {
      engine.documents.focus(uri);
      assert.equal(await complete(599), "converged");
      assert.equal(await complete(5), "exact");
      await read();
      assert.ok(tokensRead() < 2 * 750 + 256, `${tokensRead()} tokens read`);
    });
    await inRun({ folder }, model, lines.with(5, "let edited = 5;"), async ({ complete }) => {
      assert.equal(await complete(599), "window");
    });
  }));

test("the states of a closed document are saved, and an edit while they are read makes none wrong", () =>
  inTemporaryFolder(async (folder) => {
    const model = slowModel();
    await inRun({ folder }, model, lines, async ({ engine, read }) => {
      engine.documents.focus(uri);
      await read();
      engine.documents.close(uri);
    });
    await inRun({ folder }, model, lines, async ({ engine, complete, read }) => {
      engine.documents.focus(uri);
      engine.documents.edit(uri, { startLine: 2, endLine: 3, text: "let edited = 2;\n" });
      await read();
      assert.equal(await complete(1), "exact");
      assert.equal(await complete(599), "exact"); // no stored state was used after the edit
    });
  }));
