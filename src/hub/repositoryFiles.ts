import { fieldsOf } from "../shared/jsonObject.js";
import { DownloadError } from "./downloadError.js";
import type { Hub } from "./hubs.js";
import { weightsName } from "./modelAddress.js";
import { request } from "./request.js";
import { failureOf } from "./responseCheck.js";
import { defaultTiming } from "./remoteFile.js";
import { StallTimer } from "./stallTimer.js";

/** A weights file of a repository. */
export interface ListedFile {
  readonly path: string;
  readonly bytes: number | undefined;
  readonly sha256: string | undefined;
}

export interface ListOptions {
  readonly signal: AbortSignal;
  readonly tokenFor?: ((host: string) => PromiseLike<string | undefined>) | undefined;
  /** Listing a repository fails if it takes longer than this. */
  readonly stallMs?: number;
}

/**
 * The weights files of a repository, smallest first, without sharded models.
 * @throws DownloadError if there are none, or the hub does not list them; or the signal's reason.
 */
export async function weightsOf(
  hub: Hub,
  repository: string,
  { signal, tokenFor, stallMs = defaultTiming.stallMs }: ListOptions,
): Promise<ListedFile[]> {
  const url =
    hub.kind === "huggingFace"
      ? `${hub.endpoint}/api/models/${repository}/tree/main?recursive=true`
      : `${hub.endpoint}/api/v1/models/${repository}/repo/files?Revision=master&Recursive=true`;
  const { host } = new URL(url);
  const token = await tokenFor?.(host);
  const stall = new StallTimer(signal, stallMs, host);
  let entries: ListedFile[];
  try {
    stall.restart();
    const response = await request({ url, headers: { accept: "application/json" }, token, signal: stall.signal });
    if (response.status !== 200) throw new DownloadError(failureOf(response, `${hub.endpoint}/${repository}`));
    entries = entriesIn(await response.text(), response.host, hub.kind);
  } finally {
    stall.stop();
  }
  const files = entries.filter(({ path }) => weightsName.test(path) && !/-\d{5}-of-\d{5}\./.test(path));
  if (files.length === 0) throw new DownloadError({ kind: "noWeights", repository });
  return files.sort((a, b) => (a.bytes ?? Infinity) - (b.bytes ?? Infinity) || a.path.localeCompare(b.path));
}

function entriesIn(text: string, host: string, kind: Hub["kind"]): ListedFile[] {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new DownloadError({ kind: "webPage", host });
  }
  const list = kind === "huggingFace" ? answer : fieldsOf(fieldsOf(answer)["Data"])["Files"];
  if (!Array.isArray(list)) throw new DownloadError({ kind: "unexpected", host, status: 200 });
  return list
    .map(fieldsOf)
    .flatMap((entry) => (kind === "huggingFace" ? huggingFaceFile(entry) : modelScopeFile(entry)));
}

type Fields = Readonly<Record<string, unknown>>;

function huggingFaceFile({ path, size, lfs }: Fields): ListedFile[] {
  return typeof path === "string" ? [{ path, bytes: bytesIn(size), sha256: sha256In(fieldsOf(lfs)["oid"]) }] : [];
}

function modelScopeFile({ Path, Size, Sha256 }: Fields): ListedFile[] {
  return typeof Path === "string" ? [{ path: Path, bytes: bytesIn(Size), sha256: sha256In(Sha256) }] : [];
}

function bytesIn(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined;
}

function sha256In(value: unknown): string | undefined {
  return typeof value === "string" && /^[\da-f]{64}$/i.test(value) ? value.toLowerCase() : undefined;
}
