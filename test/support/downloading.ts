import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { download } from "../../src/hub/download.js";
import { DownloadError, type DownloadFailure } from "../../src/hub/downloadError.js";
import type { DownloadOptions, RemoteFile } from "../../src/hub/remoteFile.js";
import { FakeHub, sha256 } from "./fakeHub.js";
import { randomFrom } from "./random.js";
import { inTemporaryFolder } from "./temporary.js";

/** Short delays, but a stall limit that even a slow machine does not exceed. */
export const timing = { stallMs: 1500, retryDelaysMs: [1, 1, 1], maxWaitMs: 3000 };
export const content = contentOf(1_000_000);
export const url = (hub: FakeHub): string => hub.add("owner/repo", "model.gguf", content);

export function contentOf(length: number): Buffer {
  const random = randomFrom(11);
  return Buffer.from(Uint8Array.from({ length }, () => random.below(256)));
}

/** Runs a test with a hub and a temporary folder for the file. */
export async function withHub(run: (hub: FakeHub, folder: string) => Promise<void>): Promise<void> {
  const hub = await FakeHub.start();
  try {
    await inTemporaryFolder((folder) => run(hub, folder));
  } finally {
    await hub.stop();
  }
}

export function fileAt(...urls: readonly string[]): RemoteFile {
  return { name: "model.gguf", urls, bytes: content.length, sha256: sha256(content) };
}

export function fetching(file: RemoteFile, folder: string, options: Partial<DownloadOptions> = {}): Promise<string> {
  return download(file, folder, { signal: new AbortController().signal, timing, ...options });
}

export async function failureOf(promise: Promise<unknown>): Promise<DownloadFailure> {
  const error: unknown = await promise.then(
    () => assert.fail("it did not fail"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DownloadError)) throw error;
  return error.failure;
}

export function assertWhole(folder: string): void {
  assert.deepEqual(readdirSync(folder), ["model.gguf"]);
  assert.ok(readFileSync(path.join(folder, "model.gguf")).equals(content));
}
