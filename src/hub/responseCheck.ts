import { DownloadError } from "./downloadError.js";
import type { HubResponse } from "./request.js";

/** Where in the file the bytes of a response belong. */
export type ContentStart =
  | { readonly kind: "at"; readonly offset: number; readonly totalBytes: number | undefined }
  /** The requested offset is not within the file: the part is at least as long as the file. */
  | { readonly kind: "beyond"; readonly totalBytes: number | undefined };

/**
 * Determines where in the file the body of a response starts. @param offset the first byte that was requested.
 * @throws DownloadError if the response does not contain bytes of the file.
 */
export function contentStart(response: HubResponse, url: string, offset: number): ContentStart {
  const { status, headers, host } = response;
  if (status === 416 && offset > 0) {
    const [, total] = /^bytes \*\/(\d+)$/.exec(headers.get("content-range") ?? "") ?? [];
    return { kind: "beyond", totalBytes: total === undefined ? undefined : Number(total) };
  }
  if (status !== 200 && status !== 206) throw new DownloadError(failureOf(response, url));
  if (/^text\/html\b/i.test(headers.get("content-type") ?? "")) throw new DownloadError({ kind: "webPage", host });
  if (status === 200) return { kind: "at", offset: 0, totalBytes: lengthOf(headers) };
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
  if (Number(start ?? NaN) !== offset) throw new DownloadError({ kind: "unexpected", host, status });
  return { kind: "at", offset, totalBytes: total === undefined || total === "*" ? undefined : Number(total) };
}

/** Converts an unsuccessful response to a failure. */
export function failureOf({ status, headers, host, isRedirected }: HubResponse, url: string): DownloadError["failure"] {
  if (status === 407) return { kind: "proxy", host };
  if (status === 429) return { kind: "rateLimited", host, retryAfterMs: retryAfterMs(headers, Date.now()) };
  if (isRedirected && (status === 401 || status === 403 || status === 404 || status === 410))
    return { kind: "expired", host, status };
  if (status === 401 || status === 403) return { kind: "denied", host, status };
  if (status === 404 || status === 410) return { kind: "gone", url: url.replace(/[?#].*/, ""), status };
  return status >= 500 ? { kind: "serverError", host, status } : { kind: "unexpected", host, status };
}

/**
 * The time that a hub asks us to wait; undefined if it does not say. `Retry-After` contains seconds or a date. Hugging
 * Face's `RateLimit` contains the seconds until the limit is reset.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  if (Number.isFinite(date)) return Math.max(0, date - nowMs);
  const [, seconds] = /(?:^|;)\s*t=(\d+)/.exec(headers.get("ratelimit") ?? "") ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function lengthOf(headers: Headers): number | undefined {
  const length = headers.get("content-length");
  return length === null || !/^\d+$/.test(length) ? undefined : Number(length);
}

/** True if the bytes are the start of a web page. No weights file starts like that. */
export function isWebPage(head: Uint8Array): boolean {
  return /^(?:\u00ef\u00bb\u00bf)?\s*<(?:!doctype html|html|head)\b/i.test(
    Buffer.from(head.subarray(0, 256)).toString("latin1"),
  );
}
