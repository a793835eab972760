import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { DownloadLock } from "../../src/hub/downloadLock.js";
import type { DownloadProgress } from "../../src/hub/remoteFile.js";
import { assertWhole, content, failureOf, fetching, fileAt, url, withHub } from "../support/downloading.js";
import { FakeHub, sha256, type FakeAnswer } from "../support/fakeHub.js";

test("a file is downloaded through a redirect to another host, whole, and nothing else is left", () =>
  withHub(async (hub, folder) => {
    assert.equal(await fetching(fileAt(url(hub)), folder), path.join(folder, "model.gguf"));
    assertWhole(folder);
    assert.deepEqual(
      hub.seen.map(({ host }) => host),
      ["hub", "store"],
    );
    assert.equal(hub.fetched[0]!.headers.range, undefined);
    await fetching(fileAt(url(hub)), folder);
    assert.equal(hub.seen.length, 2, "an existing file is not requested again");
  }));

for (const [what, answers, requests] of [
  ["a connection that breaks off", [{ kind: "cut", bytes: 300_000 }], 2],
  [
    "a connection that breaks off again and again",
    [1, 50_000, 3, 400_000, 7, 11, 70_000].map((bytes) => ({ kind: "cut", bytes })),
    8,
  ],
  ["a stall", [{ kind: "stall", bytes: 200_000 }], 2],
  [
    "an expired address",
    [
      { kind: "cut", bytes: 9 },
      { kind: "status", status: 403 },
    ],
    3,
  ],
  ["a server's error", [{ kind: "status", status: 503 }], 2],
  ["a rate limit with Retry-After", [{ kind: "status", status: 429, headers: { "retry-after": "1" } }], 2],
  ["Hugging Face's rate limit", [{ kind: "status", status: 429, headers: { ratelimit: '"api";r=0;t=1' } }], 2],
  ["a server that ignores Range", [{ kind: "cut", bytes: 300_000 }, { kind: "whole" }], 2],
] as const satisfies readonly (readonly [string, readonly FakeAnswer[], number])[]) {
  test(`${what} ends in the same bytes`, () =>
    withHub(async (hub, folder) => {
      hub.answers.push(...answers);
      await fetching(fileAt(url(hub)), folder);
      assertWhole(folder);
      assert.equal(hub.fetched.length, requests);
      assert.equal(hub.seen.length, 2 * requests, "each attempt resolves the address again");
    }));
}

test("only the missing bytes of the same version are requested", () =>
  withHub(async (hub, folder) => {
    const address = url(hub);
    hub.answers.push({ kind: "cut", bytes: 300_000 });
    await fetching(fileAt(address), folder);
    const { range, "if-range": ifRange } = hub.fetched[1]!.headers;
    assert.equal(ifRange, hub.files.get("/owner/repo/resolve/main/model.gguf")!.etag);
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")![1]);
    assert.ok(from > 0 && from <= 300_000, range);
  }));

test("cancelling keeps the partial file, and the next download continues it", () =>
  withHub(async (hub, folder) => {
    hub.chunkDelayMs = 100;
    const abort = new AbortController();
    const onProgress = (progress: DownloadProgress): void => {
      if (progress.kind === "receiving" && progress.bytes > 100_000) abort.abort(new Error("cancelled"));
    };
    const address = url(hub);
    await assert.rejects(fetching(fileAt(address), folder, { signal: abort.signal, onProgress }), /cancelled/);
    assert.deepEqual(readdirSync(folder).sort(), ["model.gguf.part", "model.gguf.part.json"]);
    hub.chunkDelayMs = 0;
    await fetching(fileAt(address), folder);
    assertWhole(folder);
    assert.match(hub.fetched[1]!.headers.range ?? "", /^bytes=[1-9]/);
  }));

test("a partial file that is whole but not yet renamed is not downloaded again", () =>
  withHub(async (hub, folder) => {
    const address = url(hub);
    writeFileSync(path.join(folder, "model.gguf.part"), content);
    const record = { url: address, bytes: content.length, sha256: sha256(content) };
    writeFileSync(path.join(folder, "model.gguf.part.json"), JSON.stringify(record));
    await fetching(fileAt(address), folder);
    assertWhole(folder);
    assert.equal(hub.seen.length, 0);
  }));

test("a partial file that is whole although its size was not announced is not downloaded again", () =>
  withHub(async (hub, folder) => {
    const address = hub.add("owner/repo", "model.gguf", content, { announces: {} });
    writeFileSync(path.join(folder, "model.gguf.part"), content);
    const record = { url: address, etag: hub.files.get("/owner/repo/resolve/main/model.gguf")!.etag };
    writeFileSync(path.join(folder, "model.gguf.part.json"), JSON.stringify(record));
    await fetching({ name: "model.gguf", urls: [address] }, folder);
    assertWhole(folder);
    assert.deepEqual(
      hub.fetched.map(({ headers }) => headers.range),
      [`bytes=${content.length}-`],
    );
  }));

test("a partial file that is too long, or of another file, is started over", () =>
  withHub(async (hub, folder) => {
    const address = url(hub);
    for (const [part, record] of [
      [Buffer.alloc(content.length + 5), { url: address, etag: '"other"' }],
      [Buffer.alloc(1000), { url: address, etag: '"other"' }],
      [Buffer.alloc(1000), { url: `${address}x`, sha256: "0".repeat(64) }],
      [Buffer.alloc(1000), "no record"],
      [Buffer.alloc(1000), undefined],
    ] as const) {
      const target = mkdirSync(path.join(folder, String(Math.random())), { recursive: true })!;
      writeFileSync(path.join(target, "model.gguf.part"), part);
      if (record !== undefined) writeFileSync(path.join(target, "model.gguf.part.json"), JSON.stringify(record));
      await fetching({ name: "model.gguf", urls: [address] }, target);
      assertWhole(target);
    }
  }));

test("a partial file with wrong bytes is started over once; a whole download with wrong bytes leaves nothing", () =>
  withHub(async (hub, folder) => {
    const address = url(hub);
    hub.answers.push({ kind: "cut", bytes: 300_000 }, { kind: "wrongByte", at: 5 });
    await fetching(fileAt(address), folder);
    assertWhole(folder);
    assert.deepEqual(
      hub.fetched.map(({ headers }) => headers.range !== undefined),
      [false, true, false],
    );

    const other = path.join(folder, "other");
    hub.answers.push({ kind: "wrongByte", at: 5 });
    assert.deepEqual(await failureOf(fetching(fileAt(address), other)), { kind: "wrongHash" });
    assert.deepEqual(readdirSync(other), []);
  }));

test("the hash that the hub announces is checked if no other is known", () =>
  withHub(async (hub, folder) => {
    const address = url(hub);
    hub.answers.push({ kind: "wrongByte", at: 5 });
    assert.deepEqual(await failureOf(fetching({ name: "model.gguf", urls: [address] }, folder)), { kind: "wrongHash" });
    assert.deepEqual(readdirSync(folder), []);
  }));

test("a token goes only to the hub, never along a redirect", () =>
  withHub(async (hub, folder) => {
    const asked: string[] = [];
    const tokenFor = async (host: string): Promise<string> => (asked.push(host), "hf_secret");
    hub.answers.push({ kind: "cut", bytes: 1000 });
    await fetching(fileAt(url(hub)), folder, { tokenFor });
    for (const { host, headers } of hub.seen) {
      assert.equal(headers.authorization, host === "hub" ? "Bearer hf_secret" : undefined);
      assert.ok(host === "hub" || !JSON.stringify(headers).includes("hf_secret"));
    }
    assert.deepEqual(new Set(asked), new Set([new URL(hub.endpoint).host]));
  }));

test("a source without the file is skipped, and the next one continues the partial file", () =>
  withHub(async (hub, folder) => {
    const second = await FakeHub.start();
    try {
      hub.answers.push({ kind: "cut", bytes: 300_000 }, ...Array<FakeAnswer>(9).fill({ kind: "status", status: 500 }));
      await fetching(fileAt(`${hub.endpoint}/owner/gone.gguf`, url(hub), url(second)), folder);
      assertWhole(folder);
      assert.equal(second.fetched.length, 1);
      assert.match(second.fetched[0]!.headers.range ?? "", /^bytes=[1-9]/);
      assert.equal(second.fetched[0]!.headers["if-range"], undefined);
    } finally {
      await second.stop();
    }
  }));

test("two downloads of the same file fetch it once", () =>
  withHub(async (hub, folder) => {
    hub.chunkDelayMs = 5;
    const kinds = new Set<string>();
    const onProgress = ({ kind }: DownloadProgress): unknown => kinds.add(kind);
    const address = url(hub);
    await Promise.all([1, 2].map(() => fetching(fileAt(address), folder, { onProgress }))); // either may start first
    assertWhole(folder);
    assert.equal(hub.fetched.length, 1);
    assert.ok(kinds.has("elsewhere"));
  }));

test("a lock whose owner is gone, or no longer writes, delays nobody", () =>
  withHub(async (hub, folder) => {
    const address = url(hub);
    const lock = path.join(folder, "model.gguf.lock");
    await new DownloadLock(path.join(folder, "model.gguf")).tryAcquire();
    const own = JSON.parse(readFileSync(lock, "utf8")) as object;
    writeFileSync(lock, JSON.stringify({ ...own, id: "a", pid: 2 ** 22 + 1 }));
    const onProgress = ({ kind }: DownloadProgress): void => {
      assert.notEqual(kind, "elsewhere");
    };
    await fetching(fileAt(address), folder, { onProgress });
    assertWhole(folder);
    const other = mkdirSync(path.join(folder, "other"), { recursive: true })!;
    const remote = path.join(other, "model.gguf.lock");
    writeFileSync(remote, JSON.stringify({ id: "a", pid: process.pid, host: "another machine" }));
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(remote, longAgo, longAgo);
    await fetching(fileAt(address), other, { onProgress });
    assertWhole(other);
  }));

test("a download that another process discards or takes over stops", () =>
  withHub(async (hub, folder) => {
    hub.chunkDelayMs = 20;
    const target = path.join(folder, "model");
    const onProgress = ({ kind }: DownloadProgress): void => {
      if (kind === "receiving") rmSync(target, { recursive: true, force: true });
    };
    assert.deepEqual(await failureOf(fetching(fileAt(url(hub)), target, { onProgress })), { kind: "takenOver" });
    assert.equal(hub.fetched.length, 1);
  }));

test("a part that is complete when another process takes the lock keeps its name", () =>
  withHub(async (hub, folder) => {
    const onProgress = (progress: DownloadProgress): void => {
      if (progress.kind !== "receiving" || progress.bytes < content.length) return;
      writeFileSync(
        path.join(folder, "model.gguf.lock"),
        JSON.stringify({ id: "another", pid: process.pid, host: "h" }),
      );
    };
    assert.deepEqual(await failureOf(fetching(fileAt(url(hub)), folder, { onProgress })), { kind: "takenOver" });
    assert.deepEqual(readdirSync(folder).sort(), ["model.gguf.lock", "model.gguf.part", "model.gguf.part.json"]);
  }));

test("progress reports bytes and rate, up to the last byte", () =>
  withHub(async (hub, folder) => {
    hub.chunkDelayMs = 60;
    const received: (DownloadProgress & { kind: "receiving" })[] = [];
    const onProgress = (progress: DownloadProgress): void => {
      if (progress.kind === "receiving") received.push(progress);
    };
    await fetching(fileAt(url(hub)), folder, { onProgress });
    assert.equal(received.at(-1)!.bytes, content.length);
    assert.ok(received.every(({ totalBytes }) => totalBytes === content.length));
    assert.ok(received.at(-1)!.bytesPerSecond! > 0);
  }));
