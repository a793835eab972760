import assert from "node:assert/strict";
import test from "node:test";
import type { Model } from "../../src/core/model.js";
import { CompletionCounter } from "../../src/core/statistics.js";
import { defaultSettings, type ServerStatus } from "../../src/protocol.js";
import { ModelHost } from "../../src/server/modelHost.js";
import { FakeModel } from "../support/fakeModel.js";

test("another model that is chosen while a bad one is being loaded is loaded behind it", async () => {
  let settings = { ...defaultSettings, modelPath: "bad" };
  let fail: (error: Error) => void = () => undefined;
  const bad = new Promise<Model>((_, reject) => (fail = reject));
  const asked: string[] = [];
  const statuses: ServerStatus["kind"][] = [];
  const host = new ModelHost({
    settings: () => settings,
    counter: new CompletionCounter(),
    load: ({ modelPath }) => {
      asked.push(modelPath);
      return modelPath === "bad" ? bad : Promise.resolve(new FakeModel());
    },
    onStatus: ({ kind }) => statuses.push(kind),
    onLoaded: () => undefined,
    onUnloading: () => undefined,
    onReading: () => undefined,
    onError: () => undefined,
  });
  host.touch();
  settings = { ...settings, modelPath: "good" };
  const reloaded = host.reload();
  fail(new Error("bad weights"));
  await reloaded;
  assert.equal((await host.whenLoaded())?.model.name, "fake");
  assert.deepEqual(asked, ["bad", "good"]);
  assert.deepEqual(statuses, ["loading", "failed", "loading", "ready"]);
  await host.dispose();
});
