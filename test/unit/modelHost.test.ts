import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Model } from "../../src/core/model.js";
import { CompletionCounter } from "../../src/core/statistics.js";
import { defaultSettings, type ServerSettings, type ServerStatus } from "../../src/shared/protocol.js";
import { ModelHost } from "../../src/server/modelHost.js";
import { FakeModel } from "../support/fakeModel.js";
import type { CancellationToken } from "../../src/shared/cancellation.js";

/** One load of a model. The test ends it with `give` or `fail`, or leaves it pending. */
interface Asked {
  readonly modelPath: string;
  readonly cancellation: CancellationToken;
  readonly onProgress: (fraction: number) => void;
  readonly give: (model: Model) => void;
  readonly fail: (error: Error) => void;
}

interface Hosted {
  readonly host: ModelHost;
  readonly asked: Asked[];
  readonly statuses: string[];
  /** The progress that the statuses reported while a model was loading. */
  readonly fractions: number[];
  readonly errors: unknown[];
  /** Selects another model, as the server does when the settings change. */
  readonly choose: (modelPath: string) => void;
}

interface IdleOptions {
  readonly minutes: () => number;
  readonly isBusy: () => boolean;
  readonly onIdle: () => void;
}

function hosted(modelPath: string, idle?: IdleOptions): Hosted {
  let settings: ServerSettings = { ...defaultSettings, modelPath };
  const asked: Asked[] = [];
  const statuses: ServerStatus["kind"][] = [];
  const fractions: number[] = [];
  const errors: unknown[] = [];
  const host = new ModelHost({
    settings: () => ({ ...settings, idleUnloadMinutes: idle?.minutes() ?? settings.idleUnloadMinutes }),
    counter: new CompletionCounter(),
    load: (given, onProgress, cancellation) =>
      new Promise((give, fail) => asked.push({ modelPath: given.modelPath, onProgress, cancellation, give, fail })),
    archiveOf: () => undefined,
    onStatus: (status) => {
      statuses.push(status.kind);
      if (status.kind === "loading") fractions.push(status.fraction);
    },
    onLoaded: () => undefined,
    onUnloading: () => undefined,
    isBusy: idle?.isBusy ?? (() => false),
    onIdle: idle?.onIdle ?? (() => undefined),
    onReading: () => undefined,
    onError: (error) => errors.push(error),
  });
  const choose = (next: string): void => {
    settings = { ...settings, modelPath: next };
    host.reload();
  };
  return { host, asked, statuses, fractions, errors, choose };
}

/** A model that records its disposal. With "waits", the disposal is pending until the test ends it. */
class WatchedModel extends FakeModel {
  isDisposed = false;
  #end: () => void = () => undefined;
  readonly #held: Promise<void>;

  constructor(disposing: "waits" | "ends" = "ends") {
    super();
    this.#held = disposing === "ends" ? Promise.resolve() : new Promise((resolve) => (this.#end = resolve));
  }

  end(): void {
    this.#end();
  }

  override async dispose(): Promise<void> {
    await this.#held;
    this.isDisposed = true;
  }
}

test("a load that hangs does not block another model, and its late result is discarded", async () => {
  const { host, asked, statuses, errors, choose } = hosted("hangs");
  const waiting = [host.whenLoaded(), host.whenLoaded()];
  await setImmediate();
  choose("good");
  await setImmediate();
  assert.deepEqual(
    asked.map(({ modelPath }) => modelPath),
    ["hangs", "good"],
  );
  assert.equal(asked[0]!.cancellation.isCancellationRequested, true);
  asked[1]!.give(new FakeModel());
  const model = (await host.whenLoaded())?.engine.model;
  // Requests from before the model was changed get the new model, too.
  for (const one of await Promise.all(waiting)) assert.equal(one?.engine.model, model);
  const late = new WatchedModel();
  asked[0]!.onProgress(0.5);
  asked[0]!.give(late);
  await setImmediate();
  assert.equal(host.loaded?.engine.model, model);
  assert.equal(late.isDisposed, true);
  assert.deepEqual([statuses, errors], [["loading", "loading", "ready"], []]);
  await host.dispose();
});

test("another model can be loaded after a bad one, whether that fails before or after it is abandoned", async () => {
  for (const isGivenUp of [false, true]) {
    const { host, asked, statuses, errors, choose } = hosted("bad");
    const waiting = host.whenLoaded();
    await setImmediate();
    if (!isGivenUp) asked[0]!.fail(new Error("bad weights"));
    await setImmediate();
    choose("good");
    if (isGivenUp) asked[0]!.fail(new Error("bad weights"));
    await setImmediate();
    asked[1]!.give(new FakeModel());
    assert.equal((await host.whenLoaded())?.engine.model.name, "fake");
    assert.equal((await waiting)?.engine.model.name, isGivenUp ? "fake" : undefined);
    assert.equal(errors.length, isGivenUp ? 0 : 1);
    assert.deepEqual(statuses, ["loading", ...(isGivenUp ? [] : ["failed"]), "loading", "ready"]);
    await host.dispose();
  }
});

test("a request made during a replacement waits for the new model, which is loaded once the old one is gone", async () => {
  const { host, asked, choose } = hosted("old");
  host.touch();
  await setImmediate();
  const old = new WatchedModel("waits");
  asked[0]!.give(old);
  await host.whenLoaded();
  choose("new");
  const waiting = [host.whenLoaded(), host.whenLoaded()];
  await setImmediate();
  assert.equal(asked.length, 1, "two models in memory");
  waiting.push(host.whenLoaded());
  old.end();
  await setImmediate();
  assert.deepEqual([old.isDisposed, asked[1]!.modelPath], [true, "new"]);
  waiting.push(host.whenLoaded());
  const model = new FakeModel();
  asked[1]!.give(model);
  for (const one of await Promise.all(waiting)) assert.equal(one?.engine.model, model);
  await host.dispose();
});

test("if models are selected in quick succession, the last one is loaded, and requests wait for it", async () => {
  const { host, asked, choose } = hosted("first");
  const waiting = host.whenLoaded();
  for (const name of ["second", "third", "last"]) choose(name);
  await setImmediate();
  for (const { modelPath, give } of asked) if (modelPath === "last") give(new FakeModel());
  assert.equal((await waiting)?.status.modelPath, "last");
  assert.equal(asked.length, 1, "the others are not loaded");
  await host.dispose();
});

test("the fraction of a model that is loaded is reported until another model is selected", async () => {
  const { host, asked, fractions, choose } = hosted("first");
  host.touch();
  await setImmediate();
  asked[0]!.onProgress(0.25);
  assert.deepEqual(fractions, [0, 0.25]);
  choose("second");
  await setImmediate();
  asked[0]!.onProgress(0.5);
  asked[1]!.onProgress(0.75);
  assert.deepEqual(fractions, [0, 0.25, 0, 0.75]);
  await host.dispose();
});

test("a disposed host loads nothing and waits for no load", async () => {
  const { host, asked } = hosted("hangs");
  const waiting = host.whenLoaded();
  await setImmediate();
  await host.dispose();
  assert.deepEqual([await waiting, await host.whenLoaded(), asked.length], [undefined, undefined, 1]);
});

test("a model is not unloaded as idle while a request uses it", async () => {
  const busy = [true, true, false];
  let minutes = 60;
  const idle = new Promise<void>((onIdle) => {
    const isBusy = (): boolean => busy.shift() ?? false;
    const { host, asked } = hosted("a", { minutes: () => minutes, isBusy, onIdle });
    void host.whenLoaded().then(() => {
      minutes = 1e-5;
      host.touch();
    });
    void setImmediate().then(() => asked[0]?.give(new FakeModel()));
  });
  const alive = setInterval(() => undefined, 1000); // keeps the process alive, which the host's own timer does not
  await idle;
  clearInterval(alive);
  assert.deepEqual(busy, []);
});
