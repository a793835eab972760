import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { DownloadProgressBar } from "../../src/cli/downloadProgress.js";
import type { DownloadProgress } from "../../src/hub/remoteFile.js";

/** A progress bar, and the texts that it writes to its stream. */
function barOn(options: { readonly isTTY: boolean; readonly columns?: number }) {
  const written: string[] = [];
  const stream = { ...options, write: (text: string) => written.push(text) };
  // The stream has all members that are used.
  return { bar: new DownloadProgressBar(stream as unknown as NodeJS.WriteStream), written };
}

const receiving = (bytes: number, totalBytes: number | undefined = 100e6): DownloadProgress => ({ kind: "receiving", bytes, totalBytes, bytesPerSecond: undefined }); // prettier-ignore
const start = "\r\u001b[K";

const bars: readonly (readonly [string, DownloadProgress, string])[] = [
  ["nothing yet", receiving(0), `[${".".repeat(24)}]   0 %  0 kB of 100 MB`],
  ["a half", receiving(50e6), `[${"#".repeat(12)}${".".repeat(12)}]  50 %  50 MB of 100 MB`],
  ["almost all, which is rounded down", receiving(99.9e6), `[${"#".repeat(23)}.]  99 %  99.9 MB of 100 MB`],
  ["all", receiving(100e6), `[${"#".repeat(24)}] 100 %  100 MB of 100 MB`],
  ["an unknown length", { ...receiving(5e6), totalBytes: undefined } as DownloadProgress, "5 MB"],
  ["no bytes", { kind: "connecting" }, "connecting…"],
];

for (const [what, progress, expected] of bars) {
  test(`on a terminal, a line shows ${what}`, () => {
    const { bar, written } = barOn({ isTTY: true, columns: 200 });
    bar.show(progress);
    assert.deepEqual(written, [start + expected]);
  });
}

for (const [columns, length] of [
  [30, 29],
  [21, 20],
  [20, 20],
  [5, 20],
] as const) {
  // prettier-ignore
  test(`on a terminal of ${columns} columns, a line has ${length} characters`, () => {
    const { bar, written } = barOn({ isTTY: true, columns });
    bar.show(receiving(50e6));
    assert.equal(written[0]!.length - start.length, length);
  });
}

test("on a terminal, the line is ended once, and only if there is one", () => {
  const { bar, written } = barOn({ isTTY: true, columns: 200 });
  bar.end();
  bar.show({ kind: "connecting" });
  bar.end();
  bar.end();
  assert.deepEqual(written, [`${start}connecting…`, "\n"]);
});

test("in a file, there is a line every five seconds and one at the end, but none while connecting", (t: TestContext) => {
  let nowMs = 1000;
  t.mock.method(performance, "now", () => nowMs);
  const { bar, written } = barOn({ isTTY: false });
  bar.show({ kind: "connecting" });
  bar.show(receiving(0));
  nowMs += 4999;
  bar.show(receiving(50e6));
  nowMs += 1;
  bar.show({ kind: "checking", bytes: 50e6, totalBytes: 100e6 });
  bar.show(receiving(99e6));
  bar.show(receiving(100e6));
  bar.end();
  assert.deepEqual(
    written.map((line) => line.replace(/^\[.*\] +\d+ % +/, "")),
    ["0 kB of 100 MB\n", "checking 50 MB of 100 MB\n", "100 MB of 100 MB\n"],
  );
});
