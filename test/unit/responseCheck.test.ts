import assert from "node:assert/strict";
import test from "node:test";
import type { HubResponse } from "../../src/hub/request.js";
import { contentStart, failureOf, isWebPage, retryAfterMs } from "../../src/hub/responseCheck.js";
import { failureOf as failureIn } from "../support/downloading.js";

const host = "hub.example";
const url = "https://hub.example/a/model.gguf?token=secret#part";

function response(status: number, headers: Readonly<Record<string, string>> = {}, isRedirected = false): HubResponse {
  return { status, headers: new Headers(headers), host, isRedirected } as HubResponse; // only these members are used
}

type Headed = Readonly<Record<string, string>>;

const starts: readonly (readonly [string, number, Headed, number, unknown])[] = [
  ["a whole file", 200, { "content-length": "70" }, 0, { kind: "at", offset: 0, totalBytes: 70 }],
  ["a whole file of no stated length", 200, {}, 0, { kind: "at", offset: 0, totalBytes: undefined }],
  ["a length that is no number", 200, { "content-length": "7x" }, 0, { kind: "at", offset: 0, totalBytes: undefined }],
  ["the whole file instead of the rest", 200, { "content-length": "70" }, 30, { kind: "at", offset: 0, totalBytes: 70 }],
  ["the rest", 206, { "content-range": "bytes 30-69/70" }, 30, { kind: "at", offset: 30, totalBytes: 70 }],
  ["the rest of an unknown length", 206, { "content-range": "bytes 30-69/*" }, 30, { kind: "at", offset: 30, totalBytes: undefined }],
  ["nothing after the end", 416, { "content-range": "bytes */70" }, 70, { kind: "beyond", totalBytes: 70 }],
  ["nothing after an unknown end", 416, {}, 1, { kind: "beyond", totalBytes: undefined }],
  ["plain text", 200, { "content-type": "text/plain" }, 0, { kind: "at", offset: 0, totalBytes: undefined }],
]; // prettier-ignore

for (const [what, status, headers, offset, expected] of starts) {
  test(`contentStart: status ${status} from ${offset} is ${what}`, () => {
    assert.deepEqual(contentStart(response(status, headers), url, offset), expected);
  });
}

const refused: readonly (readonly [string, number, Headed, number, string])[] = [
  ["a web page", 200, { "content-type": "text/html; charset=utf-8" }, 0, "webPage"],
  ["a web page in capitals, for a part", 206, { "content-type": "TEXT/HTML" }, 9, "webPage"],
  ["a part that begins too early", 206, { "content-range": "bytes 29-69/70" }, 30, "unexpected"],
  ["a part that begins too late", 206, { "content-range": "bytes 31-69/70" }, 30, "unexpected"],
  ["a part without the position of its first byte", 206, {}, 30, "unexpected"],
  ["a range after the end although none was requested", 416, {}, 0, "unexpected"],
  ["an empty success", 204, {}, 0, "unexpected"],
  ["a missing file", 404, {}, 0, "gone"],
];

for (const [what, status, headers, offset, kind] of refused) {
  test(`contentStart refuses ${what}`, async () => {
    const read = Promise.resolve().then(() => contentStart(response(status, headers), url, offset));
    assert.equal((await failureIn(read)).kind, kind);
  });
}

const address = "https://hub.example/a/model.gguf";
const failures: readonly (readonly [number, unknown, unknown])[] = [
  [400, { kind: "unexpected", host, status: 400 }, { kind: "unexpected", host, status: 400 }],
  [401, { kind: "denied", host, status: 401 }, { kind: "expired", host, status: 401 }],
  [403, { kind: "denied", host, status: 403 }, { kind: "expired", host, status: 403 }],
  [404, { kind: "gone", url: address, status: 404 }, { kind: "expired", host, status: 404 }],
  [407, { kind: "proxy", host }, { kind: "proxy", host }],
  [410, { kind: "gone", url: address, status: 410 }, { kind: "expired", host, status: 410 }],
  [429, { kind: "rateLimited", host, retryAfterMs: undefined }, { kind: "rateLimited", host, retryAfterMs: undefined }],
  [499, { kind: "unexpected", host, status: 499 }, { kind: "unexpected", host, status: 499 }],
  [500, { kind: "serverError", host, status: 500 }, { kind: "serverError", host, status: 500 }],
  [503, { kind: "serverError", host, status: 503 }, { kind: "serverError", host, status: 503 }],
];

for (const [status, direct, redirected] of failures) {
  test(`failureOf: status ${status}, from the address itself and after a redirect`, () => {
    assert.deepEqual(failureOf(response(status), url), direct);
    assert.deepEqual(failureOf(response(status, {}, true), url), redirected);
  });
}

const now = Date.parse("2026-01-01T00:00:00Z");
const waits: readonly (readonly [string, Headed, number | undefined])[] = [
  ["seconds", { "retry-after": "7" }, 7000],
  ["no seconds", { "retry-after": "0" }, 0],
  ["seconds between blanks", { "retry-after": " 12 " }, 12_000],
  ["a date", { "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" }, 30_000],
  ["a date in the past", { "retry-after": "Wed, 31 Dec 2025 23:00:00 GMT" }, 0],
  ["Hugging Face's window", { ratelimit: '"api";r=0;t=55' }, 55_000],
  ["a window stated first", { ratelimit: "t=3" }, 3000],
  ["another parameter that ends in t", { ratelimit: '"api";rt=3' }, undefined],
  ["neither", {}, undefined],
  ["neither a number nor a date", { "retry-after": "soon" }, undefined],
  ["a date before a window", { "retry-after": "Thu, 01 Jan 2026 00:00:02 GMT", ratelimit: "t=9" }, 2000],
];

for (const [what, headers, expected] of waits) {
  test(`retryAfterMs: ${what}`, () => {
    assert.equal(retryAfterMs(new Headers(headers), now), expected);
  });
}

const heads: readonly (readonly [string, boolean])[] = [
  ["<!DOCTYPE html>", true],
  ["<html lang=en>", true],
  ["  \n<HEAD>", true],
  ["\u00ef\u00bb\u00bf<!doctype html>", true],
  ["<htmlx>", false],
  ["GGUF<html>", false],
  ["", false],
  [`${" ".repeat(252)}<html>`, false],
  [`${" ".repeat(251)}<html>`, true],
];

test("isWebPage looks for the beginning of a page in the first 256 bytes", () => {
  for (const [head, expected] of heads) assert.equal(isWebPage(Buffer.from(head, "latin1")), expected, head);
});
