import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import timers from "node:timers/promises";
import { download } from "../../src/hub/download.js";
import type { DownloadError } from "../../src/hub/downloadError.js";
import type { DownloadProgress } from "../../src/hub/remoteFile.js";
import { fetching, fileAt, url, withHub } from "../support/downloading.js";
import type { FakeAnswer } from "../support/fakeHub.js";

/**
 * Downloads with the default timing, on a clock that advances only by the waits.
 * @returns the length of each wait in seconds, and the kind of the failure, if any.
 */
async function waitsOf(t: TestContext, answers: readonly FakeAnswer[]): Promise<readonly [number[], unknown]> {
  let nowMs = 1000;
  t.mock.method(performance, "now", () => nowMs);
  t.mock.method(timers, "setTimeout", async () => undefined);
  const waits: number[] = [];
  const onProgress = (progress: DownloadProgress): void => {
    if (progress.kind !== "waiting") return;
    waits.push(progress.seconds);
    nowMs += progress.seconds * 1000;
  };
  let failure: unknown;
  await withHub(async (hub, folder) => {
    hub.answers.push(...answers);
    const signal = new AbortController().signal;
    failure = await download(fileAt(url(hub)), folder, { signal, onProgress }).then(
      () => undefined,
      (error: unknown) => (error as DownloadError).failure.kind,
    );
  });
  return [waits, failure];
}

const limited = (seconds: number): FakeAnswer => ({
  kind: "status",
  status: 429,
  headers: { "retry-after": `${seconds}` },
});
const failing: FakeAnswer = { kind: "status", status: 500 };

for (const [what, answers, expected] of [
  ["fails once", [failing], [[1], undefined]],
  ["fails again and again", Array<FakeAnswer>(9).fill(failing), [[1, 2, 4, 8, 15, 30], "serverError"]],
  ["makes progress in between", [failing, failing, { kind: "cut", bytes: 70_000 }, failing], [[1, 2, 1, 2], undefined]],
  ["is limited for ten minutes", [limited(600)], [[600], undefined]],
  ["is limited for longer", [limited(601)], [[], "rateLimited"]],
  ["is limited for less than the usual wait", [failing, failing, limited(1)], [[1, 2, 4], undefined]],
] as const satisfies readonly (readonly [string, readonly FakeAnswer[], unknown])[]) {
  test(`by default, a source that ${what} is tried again after ${expected[0].join(", ") || "no"} seconds`, async (t) => {
    assert.deepEqual(await waitsOf(t, answers), expected);
  });
}

test("progress says that a wait of a millisecond is one", async (t) => {
  let nowMs = 0;
  t.mock.method(performance, "now", () => nowMs);
  await withHub(async (hub, folder) => {
    hub.answers.push(failing);
    const waits: DownloadProgress[] = [];
    const onProgress = (progress: DownloadProgress): void => {
      if (progress.kind !== "waiting") return;
      waits.push(progress);
      nowMs += 1;
    };
    await fetching(fileAt(url(hub)), folder, { onProgress });
    assert.deepEqual(waits, [{ kind: "waiting", host: new URL(hub.storeEndpoint).host, seconds: 1 }]);
  });
});
