import assert from "node:assert/strict";
import { mkdirSync, rmdirSync } from "node:fs";
import path from "node:path";
import test, { beforeEach, type TestContext } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { MissingModel } from "../../src/extension/models/missingModel.js";
import type { NamedModel } from "../../src/extension/models/namedModel.js";
import { inTemporaryFolder } from "../support/temporary.js";

const model = (folder: string, isMissing = true): NamedModel => ({ setting: folder, folder, isMissing });

/** The timers that are running. */
const timers = new Map<object, { readonly run: () => void; readonly ms: number }>();

beforeEach((context) => {
  timers.clear();
  const { mock } = context as TestContext;
  mock.method(globalThis, "setTimeout", (run: () => void, ms: number) => {
    const timer = {};
    timers.set(timer, { run, ms });
    return timer;
  });
  mock.method(globalThis, "clearTimeout", (timer: object) => timers.delete(timer));
});

/** Ends the only timer, and waits until the check that follows has set the next one. */
async function pass(): Promise<void> {
  const [first] = timers;
  const [timer, { run }] = first!;
  timers.delete(timer);
  run();
  while (timers.size === 0) await nextTurn();
}

function watching() {
  const happened: string[] = [];
  const missing = new MissingModel({
    onMissing: ({ folder }) => happened.push(`missing ${path.basename(folder)}`),
    onBack: () => happened.push("back"),
  });
  return { missing, happened };
}

test("a missing model is reported once, and checked every three seconds until it is read again", () =>
  inTemporaryFolder(async (parent) => {
    const folder = path.join(parent, "m");
    const { missing, happened } = watching();
    missing.look(model(folder));
    missing.look(model(folder));
    assert.deepEqual(
      [...timers.values()].map(({ ms }) => ms),
      [3000],
    );
    await pass();
    assert.deepEqual(happened, ["missing m"]);
    mkdirSync(folder);
    await pass();
    await pass();
    assert.deepEqual(happened, ["missing m", "back", "back"]);
    missing.look(model(folder, false));
    assert.equal(timers.size, 0);
    rmdirSync(folder);
    missing.look(model(folder));
    assert.deepEqual([happened.at(-1), timers.size], ["missing m", 1]);
  }));

test("only the last missing model is watched, and none after the disposal", () =>
  inTemporaryFolder(async (parent) => {
    const { missing, happened } = watching();
    missing.look(model(parent));
    missing.look(model(path.join(parent, "never")));
    assert.equal(timers.size, 1);
    await pass();
    assert.deepEqual(happened.slice(1), ["missing never"]);
    missing.dispose();
    assert.equal(timers.size, 0);
    missing.look(model(path.join(parent, "never")));
    assert.equal(happened.length, 3);
  }));

test("a model that is there is not watched", () => {
  const { missing, happened } = watching();
  missing.look(model("/m", false));
  assert.deepEqual([happened, timers.size], [[], 0]);
});
