import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { StateArchive } from "../../src/core/states/stateArchive.js";
import { Cancelled } from "../../src/shared/cancellation.js";
import { fail, inRun, lines, slowModel, uri } from "../support/archiveRuns.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { testEngine } from "../support/testEngine.js";

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

test("a session that ends before its states are restored saves its place, and loses no other", () =>
  inTemporaryFolder(async (folder) => {
    const model = slowModel();
    await inRun({ folder }, model, lines, async ({ engine, read }) => {
      engine.documents.focus(uri);
      await read();
    });
    const tokensRead: number[] = [];
    for (const readableStates of [1, 1, Infinity]) {
      await inRun({ folder, readableStates }, model, lines, async ({ complete, counter }) => {
        assert.equal(await complete(333), "exact");
        tokensRead.push(counter.last!.tokensRead);
        if (readableStates === 1) return;
        for (const at of [599, 300, 10, 450]) assert.equal(await complete(at), "exact", `line ${at}`);
      });
    }
    const [first, ...later] = tokensRead;
    for (const read of later) assert.ok(read < 16 && read < first! / 4, `${read} of ${first} tokens read`);
  }));

test("a restart is exact even if a lower speed is measured then", () =>
  inTemporaryFolder(async (folder) => {
    const model = slowModel();
    await inRun({ folder }, model, lines, async ({ engine, read }) => {
      engine.documents.focus(uri);
      await read();
    });
    model.prefillTokensPerSecond = 1.1; // a request may read 275 tokens, in a quarter of the time budget
    await inRun({ folder }, model, lines, async ({ engine, complete }) => {
      engine.documents.focus(uri);
      for (let at = 599; at > 0; at -= 23) assert.equal(await complete(at), "exact", `line ${at}`);
    });
  }));

test("shutting down does not wait for a file that cannot be read, and cancels a request that waits for it", async () => {
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
      assert.doesNotMatch(text, /\d,\d/); // contains no list of tokens
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
      assert.equal(await complete(599), "exact"); // not from a state that had read the old text
    });
  }));
