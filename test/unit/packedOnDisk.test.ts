import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { inRun, lines, uri, type Run } from "../support/archiveRuns.js";
import { FakeModel } from "../support/fakeModel.js";
import { inTemporaryFolder } from "../support/temporary.js";

const largeStates = { prefillTokensPerSecond: 3, stateFloats: 4096 };
const sizesIn = (folder: string): number[] =>
  readdirSync(folder).filter((name) => name.endsWith(".state")).map((name) => statSync(path.join(folder, name)).size); // prettier-ignore

test("if exact states of a long document do not fit, packed ones are stored, except for the one before the cursor", () =>
  inTemporaryFolder(async (folder) => {
    const model = new FakeModel(largeStates);
    const share = 2 ** 20 / 8;
    await inRun({ folder }, model, lines, async ({ engine, complete, read }) => {
      engine.documents.focus(uri);
      await read();
      await complete(444);
      assert.ok(engine.documents.progress()[0]!.tokens / 750 > share / model.stateBytes);
    });
    const sizes = sizesIn(folder);
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

test("if not even one exact state fits, packed ones are stored", () =>
  inTemporaryFolder(async (folder) => {
    const model = new FakeModel(largeStates);
    const maxBytes = 8 * (2.5 * model.packedStateBytes);
    assert.ok(maxBytes / 8 < model.stateBytes);
    await inRun({ folder, maxBytes }, model, lines, async ({ engine, complete, read }) => {
      engine.documents.focus(uri);
      await read();
      await complete(444);
    });
    const sizes = sizesIn(folder);
    assert.ok(sizes.length === 2 && sizes.every((size) => size < model.stateBytes / 2), sizes.join());
    await inRun({ folder, maxBytes }, model, lines, async ({ complete, tokensRead }) => {
      assert.equal(await complete(444), "converged");
      assert.ok(tokensRead() < 64, `${tokensRead()} tokens read`);
    });
  }));

test("if the limit becomes too low for exact states, those that memory no longer has are packed as well", () =>
  inTemporaryFolder(async (folder) => {
    const model = new FakeModel(largeStates);
    const everywhere = [590, 500, 400, 300, 200, 100];
    await inRun({ folder, maxBytes: 2 ** 24 }, model, lines, async ({ engine, read }) => {
      engine.documents.focus(uri);
      await read();
    });
    const exact = sizesIn(folder).length;
    const maxBytes = 8 * (model.stateBytes + (exact + 4) * model.packedStateBytes);
    const maxMemory = 3 * (model.stateBytes + 512);
    await inRun({ folder, maxBytes, maxMemory }, model, lines, async ({ engine, idle }) => {
      engine.documents.focus(uri);
      await idle();
    });
    const sizes = sizesIn(folder);
    assert.ok(sizes.length >= exact, `${sizes.length} states of ${exact}`);
    assert.ok(sizes.filter((size) => size > model.stateBytes).length <= 1, sizes.join());
    await inRun({ folder, maxBytes }, model, lines, async ({ complete, tokensRead }) => {
      for (const at of everywhere) assert.match(await complete(at), /exact|converged/, `line ${at}`);
      assert.ok(tokensRead() < everywhere.length * 750, `${tokensRead()} tokens read`);
    });
  }));

test("once there is room, exact states replace the packed ones that were stored", () =>
  inTemporaryFolder(async (folder) => {
    const model = new FakeModel(largeStates);
    const readAll = async ({ engine, read }: Run): Promise<void> => {
      engine.documents.focus(uri);
      await read();
    };
    const exactOnDisk = (): number => sizesIn(folder).filter((size) => size > model.stateBytes).length;
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
