import assert from "node:assert/strict";
import test from "node:test";
import { CurrentClient, type StartableClient } from "../../src/extension/currentClient.js";

/** Imitates a LanguageClient and records its calls. The test decides when it has started. */
class FakeClient implements StartableClient {
  readonly isCurrent: () => boolean;
  readonly #log: (what: string) => void;
  readonly #settled: Promise<void>;
  #resolve: () => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #state: "initial" | "starting" | "running" | "stopped" = "initial";

  constructor(log: (what: string) => void, isCurrent: () => boolean) {
    this.#log = log;
    this.isCurrent = isCurrent;
    this.#settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  async start(): Promise<void> {
    if (this.#state === "initial") {
      this.#log("starts");
      this.#state = "starting";
    }
    await this.#settled;
  }

  async dispose(): Promise<void> {
    if (this.#state === "starting") throw new Error("is not running and can't be stopped");
    if (this.#state === "running") this.#log("stops");
    this.#state = "stopped";
  }

  isRunning(): boolean {
    return this.#state === "running";
  }

  needsStop(): boolean {
    return this.#state === "starting" || this.#state === "running";
  }

  started(): void {
    this.#state = "running";
    this.#log("runs");
    this.#resolve();
  }

  failed(): void {
    this.#state = "stopped";
    this.#reject(new Error("no such file"));
  }
}

function clients(): {
  readonly current: CurrentClient<FakeClient>;
  readonly made: readonly FakeClient[];
  readonly log: readonly string[];
} {
  const made: FakeClient[] = [];
  const log: string[] = [];
  const current = new CurrentClient({
    make: (isCurrent) => {
      const number = made.length + 1;
      made.push(new FakeClient((what) => log.push(`${number} ${what}`), isCurrent));
      return made.at(-1)!;
    },
    onStopped: () => log.push("gone"),
    onLateStop: (error) => log.push(String(error)),
  });
  return { current, made, log };
}

/** Runs all pending promise callbacks. */
const settle = (): Promise<void> => new Promise(setImmediate);

test("a client dropped while starting stops once it has started, and the next starts after that", async () => {
  const { current, made, log } = clients();
  const first = current.start();
  await settle();
  const second = current.drop().then(() => current.start());
  const third = current.start();
  await settle();
  assert.deepEqual(log, ["1 starts"]);
  made[0]!.started();
  await settle();
  assert.deepEqual(log, ["1 starts", "1 runs", "1 stops", "gone", "2 starts"]);
  made[1]!.started();
  await Promise.all([first, second, third]);
  assert.equal(current.running, made[1]);
});

test("a dropped client is no longer the current one, even if it still sends events", async () => {
  const { current, made } = clients();
  void current.start();
  await settle();
  assert.equal(made[0]!.isCurrent(), true);
  const dropped = current.drop();
  assert.equal(made[0]!.isCurrent(), false);
  made[0]!.started();
  assert.equal(current.running, undefined);
  await dropped;
});

test("a client that fails to start is dropped with an error; the next start makes a new one", async () => {
  const { current, made, log } = clients();
  const start = current.start();
  await settle();
  made[0]!.failed();
  await assert.rejects(start, /no such file/);
  void current.start();
  await settle();
  assert.deepEqual(log, ["1 starts", "gone", "2 starts"]);
});

test("a client that was dropped while starting does not report an error", async () => {
  const { current, made } = clients();
  const start = current.start();
  await settle();
  const dropped = current.drop();
  made[0]!.failed();
  await Promise.all([start, dropped]);
  assert.equal(current.running, undefined);
});
