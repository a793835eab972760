import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { DownloadFailure } from "../../src/hub/downloadError.js";
import { content, failureOf, fetching, fileAt, url, withHub } from "../support/downloading.js";
import type { FakeAnswer, FakeFile } from "../support/fakeHub.js";

/** Differences between a case and a file whose download succeeds. */
type Change = Partial<FakeFile> & { readonly name?: string; readonly answers?: readonly FakeAnswer[] };

for (const [what, change, kind, left] of [
  ["a file that is gone", { name: "other.gguf" }, "gone", 0],
  ["a file that was replaced", { announces: { sha256: "0".repeat(64) } }, "replaced", 0],
  ["a file of another size", { bytes: content.subarray(1), announces: {} }, "wrongSize", 0],
  ["a redirect loop", { redirect: "/owner/repo/resolve/main/model.gguf" }, "redirects", 0],
  ["a redirect without encryption", { redirect: "http://example.com/model.gguf" }, "insecure", 0],
  ["a redirect to something else", { redirect: "file:///etc/passwd" }, "notAnAddress", 0],
  ["a login page", { answers: [{ kind: "page" }] }, "webPage", 0],
  [
    "a login page sent as the file",
    { bytes: Buffer.from("<!DOCTYPE html>".padEnd(content.length)), announces: {} },
    "webPage",
    0,
  ],
  ["a refusal", { answers: [{ kind: "status", status: 416 }] }, "unexpected", 0],
  ["a long wait", { answers: [{ kind: "status", status: 429, headers: { "retry-after": "999" } }] }, "rateLimited", 0],
  ["a proxy's refusal", { answers: [{ kind: "status", status: 407 }] }, "proxy", 0],
  ["endless stalls", { answers: Array(9).fill({ kind: "stall", bytes: 0 }) }, "stalled", 0],
  ["endless breaks", { answers: Array(9).fill({ kind: "cut", bytes: 0 }) }, "interrupted", 0],
  [
    "a range that was not asked for",
    {
      answers: [
        { kind: "cut", bytes: 70_000 },
        { kind: "status", status: 206, headers: { "content-range": "bytes 5-999999/1000000" } },
      ],
    },
    "unexpected",
    70_000,
  ],
  [
    "endless errors after a part",
    { answers: [{ kind: "cut", bytes: 70_000 }, ...Array<FakeAnswer>(9).fill({ kind: "status", status: 500 })] },
    "serverError",
    70_000,
  ],
] as const satisfies readonly (readonly [string, Change, DownloadFailure["kind"], number])[]) {
  test(`${what} is reported as such, and ${left > 0 ? "the partial file is kept" : "leaves nothing of a file"}`, () =>
    withHub(async (hub, folder) => {
      const { name = "model.gguf", answers = [], ...file } = change as Change;
      hub.add("owner/repo", name, content, file);
      hub.answers.push(...answers);
      const { kind: found } = await failureOf(
        fetching(fileAt(`${hub.endpoint}/owner/repo/resolve/main/model.gguf`), folder),
      );
      assert.equal(found, kind);
      assert.deepEqual(
        readdirSync(folder).filter((one) => one === "model.gguf" || one.endsWith(".lock")),
        [],
      );
      const part = readdirSync(folder).includes("model.gguf.part")
        ? readFileSync(path.join(folder, "model.gguf.part"))
        : Buffer.alloc(0);
      assert.ok(part.length <= left && part.equals(content.subarray(0, part.length)));
      if (left > 0) assert.ok(part.length > 0);
    }));
}

test("a source that does not respond, or is not encrypted, is reported as such", () =>
  withHub(async (hub, folder) => {
    const { endpoint } = hub;
    await hub.stop();
    assert.equal((await failureOf(fetching(fileAt(`${endpoint}/a.gguf`), folder))).kind, "unreachable");
    assert.equal((await failureOf(fetching(fileAt("http://localhost:1/a.gguf"), folder))).kind, "insecure");
    assert.equal((await failureOf(fetching(fileAt("ftp://127.0.0.1/a.gguf"), folder))).kind, "notAnAddress");
    // The second delay is longer than the test may take, so the failure must be reported without waiting for it.
    const timing = { stallMs: 9999, retryDelaysMs: [1, 60_000], maxWaitMs: 1 };
    assert.equal(
      (await failureOf(fetching(fileAt("https://nowhere.invalid/a.gguf"), folder, { timing }))).kind,
      "offline",
    );
  }));

test("a full disk is reported before a byte is written, and so is a folder that cannot be written to", () =>
  withHub(async (hub, folder) => {
    const reservedBytes = 2 ** 60;
    const failure = await failureOf(fetching(fileAt(url(hub)), folder, { reservedBytes }));
    assert.equal(failure.kind, "diskFull");
    assert.ok((failure as { missingBytes: number }).missingBytes > 2 ** 59);
    writeFileSync(path.join(folder, "file"), "");
    assert.equal((await failureOf(fetching(fileAt(url(hub)), path.join(folder, "file", "below")))).kind, "unwritable");
  }));
