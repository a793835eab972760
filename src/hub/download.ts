import { existsSync } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DownloadError, isOfSource, isPassing, type DownloadFailure } from "./downloadError.js";
import { DownloadLock } from "./downloadLock.js";
import { HashedFile, rethrow } from "./hashedFile.js";
import { PartialFile } from "./partialFile.js";
import { defaultTiming, type DownloadOptions, type RemoteFile } from "./remoteFile.js";
import { transfer, type Transferred } from "./transfer.js";

/** Interval at which a process checks whether another one has finished downloading the same file. */
const lookMs = 500;

/**
 * Downloads a file into a folder. If an earlier attempt left a part that can be continued, only the missing bytes are
 * requested. The part is renamed to the file when it is complete and its hash, if known, is right. If the download
 * fails, the part is kept unless its bytes are wrong.
 * @returns the file's path. @throws DownloadError, or the signal's reason.
 */
export async function download(file: RemoteFile, folder: string, options: DownloadOptions): Promise<string> {
  const target = path.join(folder, file.name);
  const part = new PartialFile(target);
  const lock = new DownloadLock(target);
  const tryAcquire = async (): Promise<boolean> => {
    // Another process may have removed the folder because its own download failed before it received anything.
    await mkdir(folder, { recursive: true });
    return lock.tryAcquire();
  };
  while (!(await tryAcquire().catch(rethrow(target)))) {
    options.onProgress?.({ kind: "elsewhere", bytes: await part.bytes(), totalBytes: file.bytes });
    await delay(lookMs, undefined, { signal: options.signal });
  }
  try {
    if (!(await isWhole(target, file, options))) await complete({ file, part, lock, options });
    return target;
  } finally {
    await lock.release();
  }
}

/** The number of bytes of a file that earlier attempts have received; its size if it is complete. */
export async function receivedBytes(folder: string, name: string): Promise<number> {
  const target = path.join(folder, name);
  return (await stat(target).catch(() => undefined))?.size ?? new PartialFile(target).bytes();
}

/**
 * True if the complete file already exists. If neither its size nor its hash is known, it cannot be checked and counts
 * as incomplete. A file with the wrong size or hash is removed.
 */
async function isWhole(target: string, { bytes, sha256 }: RemoteFile, options: DownloadOptions): Promise<boolean> {
  if (!existsSync(target)) return false;
  const { size } = await stat(target);
  if (bytes === undefined || bytes === size) {
    if (sha256 === undefined) return bytes !== undefined;
    const found = await HashedFile.open(target, options.signal, (read) => {
      options.onProgress?.({ kind: "checking", bytes: read, totalBytes: size });
    });
    const isRight = (await found.sha256()) === sha256;
    await found.close();
    if (isRight) return true;
  }
  await rm(target);
  return false;
}

interface Download {
  readonly file: RemoteFile;
  readonly part: PartialFile;
  readonly lock: DownloadLock;
  readonly options: DownloadOptions;
}

/** Repeats attempts until the file is complete or a failure is final. */
async function complete({ file, part, lock, options: given }: Download): Promise<void> {
  // Two processes must not write to the same part, so an attempt ends when another process takes the lock.
  const options = { ...given, signal: AbortSignal.any([given.signal, lock.lost]), isOwner: () => lock.isHeld() };
  const { retryDelaysMs } = options.timing ?? defaultTiming;
  let urls = file.urls;
  let failures = 0;
  const offlineHosts = new Set<string>();
  let hasRestarted = false;
  for (;;) {
    const [url, ...others] = urls;
    if (url === undefined) throw new Error(`${file.name}: no address is known for this file`);
    if (!(await lock.isHeld())) throw new DownloadError({ kind: "takenOver" });
    const before = await part.bytes();
    try {
      const transferred = await transfer(file, url, part, options);
      if (await isRight(transferred, file, part)) {
        if (!(await lock.isHeld())) throw new DownloadError({ kind: "takenOver" });
        await part.finish();
        return;
      }
      await part.discard();
      // The wrong bytes may be those of an earlier attempt. If so, start again, but only once.
      if (transferred.isOfOneAttempt || hasRestarted) throw new DownloadError({ kind: "wrongHash" });
      hasRestarted = true;
    } catch (error) {
      given.signal.throwIfAborted();
      if (lock.lost.aborted) throw new DownloadError({ kind: "takenOver" });
      if (!(error instanceof DownloadError)) throw error;
      const { failure } = error;
      if (failure.kind === "offline") offlineHosts.add(failure.host);
      failures = (await part.bytes()) > before ? 1 : failures + 1;
      const attempts = attemptsAfter(failure, (await part.bytes()) > 0, retryDelaysMs.length);
      if (isOfSource(failure) && others.length > 0 && !(isPassing(failure) && failures <= Math.min(2, attempts))) {
        urls = others; // the next source may work
        failures = 0;
      } else if (isPassing(failure) && failures <= attempts) {
        await waitAfter(failure, retryDelaysMs[failures - 1] ?? 0, options);
      } else {
        throw failure.kind === "offline"
          ? new DownloadError({ ...failure, host: [...offlineHosts].join(", ") })
          : error;
      }
    }
  }
}

/**
 * How many times to retry after a failure. Without a network, a new download is retried only once; a download that has
 * already received bytes is retried `all` times, so that it survives a longer interruption.
 */
function attemptsAfter({ kind }: DownloadFailure, hasPart: boolean, all: number): number {
  return (kind === "offline" || kind === "unreachable") && !hasPart ? Math.min(1, all) : all;
}

async function isRight({ sha256 }: Transferred, file: RemoteFile, part: PartialFile): Promise<boolean> {
  const expected = file.sha256 ?? (await part.record())?.sha256;
  return expected === undefined || expected === sha256;
}

/** Waits before the next attempt. @throws DownloadError if the hub asks for a wait longer than `maxWaitMs`. */
async function waitAfter(failure: DownloadFailure, delayMs: number, options: DownloadOptions): Promise<void> {
  const wantedMs = failure.kind === "rateLimited" ? (failure.retryAfterMs ?? delayMs) : delayMs;
  if (wantedMs > (options.timing ?? defaultTiming).maxWaitMs) throw new DownloadError(failure);
  const host = "host" in failure ? failure.host : "";
  const end = performance.now() + Math.max(wantedMs, delayMs);
  for (;;) {
    const leftMs = end - performance.now();
    if (leftMs <= 0) return;
    options.onProgress?.({ kind: "waiting", host, seconds: Math.ceil(leftMs / 1000) });
    await delay(Math.min(leftMs, 1000), undefined, { signal: options.signal });
  }
}
