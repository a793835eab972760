import assert from "node:assert/strict";
import test from "node:test";
import type { Connection } from "vscode-languageserver";
import type { ServerStatus } from "../../src/shared/protocol.js";
import type { Client } from "../../src/server/client.js";
import { StatusReport } from "../../src/server/statusReport.js";

interface Step {
  readonly atMs: number;
  readonly status: ServerStatus;
}

/** The messages that a client receives for statuses at given times. */
async function sentFor(
  steps: readonly Step[],
  { statusNotifications = false, canShowProgress = false },
): Promise<readonly string[]> {
  const sent: string[] = [];
  let nowMs = 0;
  const reporter = {
    begin: (title: string) => sent.push(`begin ${title}`),
    report: () => sent.push("report"),
    done: () => sent.push("done"),
  };
  const window = { createWorkDoneProgress: () => Promise.resolve(reporter) } as unknown as Connection["window"];
  const client = { options: { statusNotifications }, canShowProgress } as Client;
  const sendNotification = (method: string, params: object): Promise<void> => {
    sent.push("kind" in params ? `${method} ${String(params.kind)}` : method);
    return Promise.resolve();
  };
  const report = new StatusReport(
    { sendNotification, window },
    () => client,
    () => nowMs,
  );
  for (const { atMs, status } of steps) {
    nowMs = atMs;
    report.report(status);
    await Promise.resolve();
    await Promise.resolve();
  }
  return sent;
}

const loading = (atMs: number): Step => ({ atMs, status: { kind: "loading", fraction: atMs / 1000 } });
const reading = (atMs: number): Step => ({
  atMs,
  status: { kind: "reading", uri: "file:///a", fraction: atMs / 10_000 },
});
const unloaded = (atMs: number): Step => ({ atMs, status: { kind: "noModel" } });
const failed = (atMs: number, reason: string): Step => ({ atMs, status: { kind: "failed", reason } });

test("progress of one load is sent at most ten times a second, a change of kind at once", async () => {
  const steps = [...Array.from({ length: 300 }, (_, i) => loading(i)), unloaded(300), reading(301)];
  assert.deepEqual(await sentFor(steps, { statusNotifications: true }), [
    "rwkv/status loading",
    "rwkv/status loading",
    "rwkv/status loading",
    "rwkv/status noModel",
    "rwkv/status reading",
  ]);
});

test("progress of one read is sent at most ten times a second, and the end of a model at once", async () => {
  const steps = [
    ...Array.from({ length: 200 }, (_, i) => reading(i)),
    unloaded(200),
    failed(201, "a"),
    failed(202, "b"),
  ];
  assert.deepEqual(await sentFor(steps, { statusNotifications: true }), [
    "rwkv/status reading",
    "rwkv/status reading",
    "rwkv/status noModel",
    "rwkv/status failed",
    "rwkv/status failed",
  ]);
});

test("reading after a keystroke is not shown as progress, a long read is", async () => {
  const key = [reading(0), unloaded(40), reading(1000), unloaded(1040)];
  assert.deepEqual(await sentFor(key, { canShowProgress: true }), []);
  const long = [reading(0), reading(400), reading(800), reading(1200), unloaded(1300)];
  assert.deepEqual(await sentFor(long, { canShowProgress: true }), [
    "begin RWKV Code: reading open files",
    "report",
    "done",
  ]);
});

test("each failure is shown as a message once, unless the client receives the status", async () => {
  const steps = [failed(0, "a"), loading(500), failed(900, "a"), loading(1500), failed(1900, "b")];
  assert.deepEqual(await sentFor(steps, {}), ["window/showMessage", "window/showMessage"]);
  const heard = await sentFor(steps, { statusNotifications: true, canShowProgress: true });
  assert.ok(heard.every((one) => one.startsWith("rwkv/status")));
});

test("a status that is the same as the one before is sent once, and a changed one again", async () => {
  const ready = { kind: "ready", model: "a", engine: "b", modelPath: "", chat: "none", tokensPerSecond: 1 } as const;
  const steps = [ready, { ...ready }, { ...ready, model: "c" }, { kind: "noModel" } as const];
  const sent = await sentFor(
    steps.map((status, i) => ({ atMs: 5000 * i, status })),
    { statusNotifications: true },
  );
  assert.deepEqual(sent, ["rwkv/status ready", "rwkv/status ready", "rwkv/status noModel"]);
});
