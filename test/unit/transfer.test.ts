import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test, { type TestContext } from "node:test";
import { PartialFile } from "../../src/hub/partialFile.js";
import { transfer } from "../../src/hub/transfer.js";
import { failureOf } from "../support/downloading.js";
import { inTemporaryFolder } from "../support/temporary.js";

/** When each chunk of ten bytes arrives, in milliseconds. */
const arrivals = [0, 200, 201, 402, 500];
const chunkBytes = 10;

/** Transfers a file whose chunks arrive at these times. @param isOwner returns whether to continue at a given time. */
async function transferred(t: TestContext, folder: string, isOwner: (nowMs: number) => boolean) {
  let nowMs = 0;
  t.mock.method(performance, "now", () => nowMs);
  t.mock.method(Date, "now", () => nowMs);
  const left = [...arrivals];
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    const next = left.shift();
    if (next === undefined) {
      controller.close();
      return;
    }
    nowMs = next;
    controller.enqueue(new Uint8Array(chunkBytes).fill(7));
  };
  t.mock.method(globalThis, "fetch", async () => new Response(new ReadableStream({ pull }, { highWaterMark: 0 })));
  const reported: number[] = [];
  const part = new PartialFile(path.join(folder, "a"));
  const bytes = arrivals.length * chunkBytes;
  const result = transfer({ name: "a", urls: [], bytes }, "https://hub.example/a", part, {
    signal: new AbortController().signal,
    isOwner: async () => isOwner(nowMs),
    onProgress: (progress) => {
      if (progress.kind === "receiving") reported.push(progress.bytes / chunkBytes);
    },
  });
  return { result, reported, part };
}

test("progress is reported, and the lock's owner is checked, at most once in 200 ms; progress also at the end", (t) =>
  inTemporaryFolder(async (folder) => {
    const asked: number[] = [];
    const { result, reported } = await transferred(t, folder, (nowMs) => asked.push(nowMs) > 0);
    assert.equal((await result).isOfOneAttempt, true);
    assert.deepEqual(
      [reported, asked],
      [
        [1, 3, 4, 5],
        [201, 402],
      ],
    );
  }));

test("once another process has taken the download, nothing more is written", (t) =>
  inTemporaryFolder(async (folder) => {
    const asked: number[] = [];
    const { result, part } = await transferred(t, folder, (nowMs) => asked.push(nowMs) < 2);
    assert.deepEqual(await failureOf(result), { kind: "takenOver" });
    assert.deepEqual(asked, [201, 402]);
    assert.equal(readFileSync(part.path).length, 3 * chunkBytes);
  }));
