import { statfs } from "node:fs/promises";
import path from "node:path";
import { DownloadError } from "./downloadError.js";
import { HashedFile } from "./hashedFile.js";
import type { PartialFile, PartRecord } from "./partialFile.js";
import { defaultTiming, type DownloadOptions, type RemoteFile } from "./remoteFile.js";
import { request, type HubResponse } from "./request.js";
import { contentStart, isWebPage } from "./responseCheck.js";
import { StallTimer } from "./stallTimer.js";
import { TransferRate } from "./transferRate.js";

/** The result of a successful attempt. If an attempt throws, the part is kept unless its bytes are wrong. */
export interface Transferred {
  readonly sha256: string;
  /** False if some bytes are from an earlier attempt. They may be wrong. */
  readonly isOfOneAttempt: boolean;
}

/** Interval between progress reports. */
const progressMs = 200;
/** Ownership is checked again after this time: if this process was suspended, another one may have taken over. */
const maxUncheckedMs = 200;

export interface TransferOptions extends DownloadOptions {
  /** Returns false if another process has taken over the download. Nothing may be written then. */
  readonly isOwner: () => Promise<boolean>;
}

/**
 * Downloads the missing bytes of a part in one request.
 * @throws DownloadError, or the signal's reason.
 */
export async function transfer(
  file: RemoteFile,
  url: string,
  part: PartialFile,
  options: TransferOptions,
): Promise<Transferred> {
  const stallMs = (options.timing ?? defaultTiming).stallMs;
  const stall = new StallTimer(options.signal, stallMs, new URL(url).host);
  try {
    const known = await usableRecord(part, file, url);
    const offset = known === undefined ? 0 : await part.bytes();
    if (offset > 0 && offset === known?.bytes) return await wholePart(part, options);
    stall.restart();
    options.onProgress?.({ kind: "connecting" });
    const response = await request({
      url,
      headers: offset > 0 ? rangeFrom(offset, url, known) : {},
      token: await options.tokenFor?.(new URL(url).host),
      signal: stall.signal,
    });
    const start = contentStart(response, url, offset);
    if (
      start.kind === "beyond" ||
      (start.offset > 0 && isOtherVersion(response, { url, totalBytes: start.totalBytes }, known))
    ) {
      if (start.kind === "beyond" && start.totalBytes === offset) return await wholePart(part, options);
      await part.discard();
      throw new DownloadError({ kind: "interrupted", host: response.host });
    }
    const announced = checkAnnounced(file, start.totalBytes, response);
    if (start.offset === 0) await part.begin({ url, etag: strongTag(response.headers), ...announced });
    return await receive(response, { part, file: announced, options, stall });
  } finally {
    stall.stop();
  }
}

/** The part's record; undefined if there is none, or if the part may belong to another file than the one at `url`. */
async function usableRecord(part: PartialFile, file: RemoteFile, url: string): Promise<PartRecord | undefined> {
  const record = await part.record();
  if (record === undefined) return undefined;
  if (file.sha256 !== undefined) return record.sha256 === file.sha256 ? record : undefined; // from any source
  return record.url === url && (record.sha256 ?? record.etag) !== undefined ? record : undefined;
}

/** True if the address now serves another file and the server ignored If-Range. */
function isOtherVersion(
  { headers, announced }: HubResponse,
  { url, totalBytes }: { readonly url: string; readonly totalBytes: number | undefined },
  record: PartRecord | undefined,
): boolean {
  const differ = <T>(a: T | undefined, b: T | undefined): boolean => a !== undefined && b !== undefined && a !== b;
  return (
    differ(announced.sha256, record?.sha256) ||
    differ(totalBytes, record?.bytes) ||
    (record?.url === url && differ(strongTag(headers), record.etag))
  );
}

/**
 * Headers to continue at an offset. With If-Range, the server sends a file that has changed from the start. If-Range is
 * omitted if the part is from another source, which uses other entity tags. Then only the hash shows whether the file
 * is the same.
 */
function rangeFrom(offset: number, url: string, record: PartRecord | undefined): Record<string, string> {
  const isSameSource = record?.url === url && record.etag !== undefined;
  return { range: `bytes=${offset}-`, ...(isSameSource ? { "if-range": record.etag } : {}) };
}

function strongTag(headers: Headers): string | undefined {
  const tag = headers.get("etag");
  return tag === null || tag.startsWith("W/") ? undefined : tag;
}

/** Size and hash of the file, from the catalogue and the hub. @throws DownloadError if they contradict each other. */
function checkAnnounced(
  file: RemoteFile,
  totalBytes: number | undefined,
  { announced, host }: HubResponse,
): Pick<PartRecord, "bytes" | "sha256"> {
  if (file.sha256 !== undefined && announced.sha256 !== undefined && file.sha256 !== announced.sha256) {
    throw new DownloadError({ kind: "replaced", host });
  }
  const bytes = totalBytes ?? announced.bytes;
  if (file.bytes !== undefined && bytes !== undefined && bytes !== file.bytes) {
    throw new DownloadError({ kind: "wrongSize", expectedBytes: file.bytes, bytes });
  }
  return { bytes: file.bytes ?? bytes, sha256: file.sha256 ?? announced.sha256 };
}

interface Receiving {
  readonly part: PartialFile;
  readonly file: Pick<PartRecord, "bytes" | "sha256">;
  readonly options: TransferOptions;
  readonly stall: StallTimer;
}

async function receive({ body, host }: HubResponse, { part, file, options, stall }: Receiving): Promise<Transferred> {
  const { onProgress, reservedBytes = 0 } = options;
  const totalBytes = file.bytes;
  stall.pause();
  const output = await HashedFile.open(part.path, stall.signal, (bytes) => {
    onProgress?.({ kind: "checking", bytes, totalBytes: totalBytes ?? bytes });
  });
  const startBytes = output.bytes;
  try {
    await checkSpace(part.path, (totalBytes ?? startBytes) - startBytes + reservedBytes);
    const rate = new TransferRate(() => performance.now());
    let saidMs = -Infinity;
    let checkedMs = Date.now(); // the caller has just called `isOwner`
    stall.restart();
    for await (const chunk of body) {
      stall.pause(); // a slow disk is not a stall
      stall.signal.throwIfAborted();
      if (output.bytes === 0 && isWebPage(chunk)) throw new DownloadError({ kind: "webPage", host });
      if (totalBytes !== undefined && output.bytes + chunk.length > totalBytes) {
        await part.discard();
        throw new DownloadError({ kind: "wrongSize", expectedBytes: totalBytes, bytes: output.bytes + chunk.length });
      }
      // `Date.now` advances while the machine sleeps; `performance.now` might not.
      if (Date.now() - checkedMs > maxUncheckedMs) {
        if (!(await options.isOwner())) throw new DownloadError({ kind: "takenOver" });
        checkedMs = Date.now();
      }
      await output.append(chunk);
      if (performance.now() - saidMs > progressMs || output.bytes === totalBytes) {
        saidMs = performance.now();
        onProgress?.({ kind: "receiving", bytes: output.bytes, totalBytes, bytesPerSecond: rate.add(output.bytes) });
      }
      stall.restart();
    }
    stall.signal.throwIfAborted();
    if (totalBytes !== undefined && output.bytes < totalBytes) throw new DownloadError({ kind: "interrupted", host });
    return { sha256: await output.sha256(), isOfOneAttempt: startBytes === 0 };
  } finally {
    await output.close();
  }
}

/** Hashes a part that an earlier attempt completed but did not rename. */
async function wholePart(part: PartialFile, { signal, onProgress }: DownloadOptions): Promise<Transferred> {
  const totalBytes = await part.bytes();
  const output = await HashedFile.open(part.path, signal, (bytes) => {
    onProgress?.({ kind: "checking", bytes, totalBytes });
  });
  try {
    return { sha256: await output.sha256(), isOfOneAttempt: false };
  } finally {
    await output.close();
  }
}

/** @throws DownloadError if the disk has too little free space. */
async function checkSpace(file: string, neededBytes: number): Promise<void> {
  const folder = path.dirname(file);
  const found = await statfs(folder).catch(() => undefined); // some file systems do not report it
  if (found === undefined || found.blocks === 0) return;
  const missingBytes = neededBytes - found.bavail * found.bsize;
  if (missingBytes > 0) throw new DownloadError({ kind: "diskFull", folder, missingBytes });
}
