import assert from "node:assert/strict";
import test from "node:test";
import type { CatalogueModel } from "../../src/hub/catalogue.js";
import { connectionFailure } from "../../src/hub/connectionFailure.js";
import type { DownloadFailure } from "../../src/hub/downloadError.js";
import { failureText, partText } from "../../src/hub/failureText.js";
import { progressText } from "../../src/hub/progressText.js";
import type { DownloadProgress } from "../../src/hub/remoteFile.js";
import { publishedModelText, type PublishedModelFacts } from "../../src/extension/models/publishedModelText.js";
import { untranslated as t } from "../../src/shared/translate.js";

const host = "hub.example";
/** One failure of each kind; the type ensures that none is missing. */
const failures: { readonly [Kind in DownloadFailure["kind"]]: DownloadFailure & { readonly kind: Kind } } = {
  notAnAddress: { kind: "notAnAddress", given: "nonsense" },
  insecure: { kind: "insecure", url: "http://hub.example" },
  gone: { kind: "gone", url: "https://hub.example/a.gguf", status: 404 },
  denied: { kind: "denied", host, status: 401 },
  noWeights: { kind: "noWeights", repository: "owner/name" },
  notThere: { kind: "notThere", name: "a.gguf", hosts: host },
  webPage: { kind: "webPage", host },
  redirects: { kind: "redirects", host },
  replaced: { kind: "replaced", host },
  wrongSize: { kind: "wrongSize", expectedBytes: 10, bytes: 9 },
  wrongHash: { kind: "wrongHash" },
  takenOver: { kind: "takenOver" },
  diskFull: { kind: "diskFull", folder: "/downloads", missingBytes: 2e9 },
  unwritable: { kind: "unwritable", folder: "/downloads", code: "EACCES" },
  proxy: { kind: "proxy", host },
  certificate: { kind: "certificate", host, code: "CERT_HAS_EXPIRED" },
  offline: { kind: "offline", host },
  unreachable: { kind: "unreachable", host, code: "ECONNREFUSED" },
  interrupted: { kind: "interrupted", host },
  stalled: { kind: "stalled", host, seconds: 30 },
  expired: { kind: "expired", host, status: 403 },
  rateLimited: { kind: "rateLimited", host, retryAfterMs: 90_000 },
  serverError: { kind: "serverError", host, status: 503 },
  unexpected: { kind: "unexpected", host, status: 204 },
};

test("each failure is one sentence: the problem, and after a colon the fix", () => {
  for (const failure of Object.values(failures)) {
    const text = failureText(failure, t);
    assert.match(text, /^[^:]+( \(.*\))?.*: [a-z].*\.$/, text);
    assert.doesNotMatch(text, /\{\d\}|undefined|\. [A-Z]/, text);
  }
  assert.equal(
    failureText(failures.diskFull, t),
    "The disk of /downloads is too full: free another 2.0 GB and try again.",
  );
  assert.match(failureText(failures.rateLimited, t), /try again in 2 min\.$/);
});

test("a wait is in whole minutes, at least one", () => {
  const waits = [undefined, 0, 60_000, 60_001].map(
    (retryAfterMs) => /for now: (.*)\.$/.exec(failureText({ kind: "rateLimited", host, retryAfterMs }, t))?.[1],
  );
  assert.deepEqual(waits, ["try again later", "try again in 1 min", "try again in 1 min", "try again in 2 min"]);
});

test("the text about received bytes says whether there are any", () => {
  assert.deepEqual([0, 1, 5e6, 12_345_678].map((bytes) => partText(bytes, t)), [
    "Nothing was downloaded.", "The 0 kB received so far are kept.", "The 5 MB received so far are kept.",
    "The 12.3 MB received so far are kept.",
  ]); // prettier-ignore
});

const errorOf = (code: string, message = code): Error => Object.assign(new Error(message), { code });
for (const [what, cause, kind] of [
  ["no network", errorOf("ENOTFOUND"), "offline"],
  ["a name server that does not respond", errorOf("EAI_AGAIN"), "offline"],
  ["one of several addresses", new AggregateError([errorOf("ENETUNREACH"), errorOf("ECONNREFUSED")]), "offline"],
  ["a host on which nothing listens", errorOf("ECONNREFUSED"), "unreachable"],
  ["no answer in time", errorOf("UND_ERR_CONNECT_TIMEOUT"), "unreachable"],
  ["an untrusted certificate", errorOf("SELF_SIGNED_CERT_IN_CHAIN"), "certificate"],
  [
    "a proxy that refuses a tunnel",
    errorOf("UND_ERR_ABORTED", "Proxy response (407) !== 200 when HTTP Tunneling"),
    "proxy",
  ],
  ["a response 407", new Error(""), "proxy"],
  ["a connection that is reset", errorOf("ECONNRESET"), "interrupted"],
] as const) {
  test(`${what} is recognized from what fetch throws`, () => {
    assert.equal(connectionFailure(new TypeError("fetch failed", { cause }), host).kind, kind);
  });
}

test("progress is bytes, rate and time left", () => {
  const texts = (
    [
      { kind: "receiving", bytes: 2e8, totalBytes: 5e8, bytesPerSecond: 1e7 },
      { kind: "receiving", bytes: 2e8, totalBytes: 5e9, bytesPerSecond: 1e6 },
      { kind: "receiving", bytes: 2e8, totalBytes: undefined, bytesPerSecond: 1e7 },
      { kind: "receiving", bytes: 2e8, totalBytes: 5e8, bytesPerSecond: undefined },
      { kind: "waiting", host, seconds: 8 },
      { kind: "elsewhere", bytes: 2e8, totalBytes: 5e8 },
    ] satisfies DownloadProgress[]
  ).map((progress) => progressText(progress, t));
  assert.deepEqual(texts, [
    "200 MB of 500 MB · 10 MB/s · 30 s left",
    "200 MB of 5.0 GB · 1 MB/s · 80 min left",
    "200 MB · 10 MB/s",
    "200 MB of 500 MB",
    "hub.example does not answer now; trying again in 8 s",
    "another window is downloading it: 200 MB of 500 MB",
  ]);
});

test("the list says what a model needs, and what does not fit", () => {
  const model: CatalogueModel = {
    name: "large",
    title: "Large [x](command:y)",
    parameters: 2_947_735_040,
    layers: 32,
    width: 2560,
    prompt: "suffix-prefix-middle",
    chat: "g1",
    licence: "Apache-2.0",
    weights: { path: "large.pth", bytes: 5_896_273_469, repositories: {} },
  };
  const facts: PublishedModelFacts = {
    isImported: false,
    isCurrent: false,
    receivedBytes: 0,
    machineMemoryBytes: 16e9,
    speed: { kind: "expected", tokensPerSecond: 8.44 },
  };
  assert.deepEqual(publishedModelText(model, facts, false, t), {
    label: "$(cloud-download) Large [x] (command: y)",
    description: "5.9 GB",
    detail: "3.8 GB RAM · ≈8.4 tokens/s · Apache-2.0 · chats, completes, fills in the middle",
  });
  assert.match(publishedModelText(model, facts, true, t).description, /^recommended · 5\.9 GB$/);
  const small = publishedModelText(model, { ...facts, machineMemoryBytes: 4e9, receivedBytes: 1e9 }, false, t);
  assert.match(small.detail, /^too large: needs 3\.8 GB RAM · Apache-2\.0 · chats/);
  assert.equal(small.description, "continue: 16% of 5.9 GB");
  const there = { ...facts, isImported: true, speed: { kind: "measured", tokensPerSecond: 9.1 } } as const;
  assert.match(publishedModelText(model, there, false, t).detail, / · 9\.1 tokens\/s ·/);
  assert.equal(publishedModelText(model, { ...there, isCurrent: true }, false, t).description, "in use");
});
