import assert from "node:assert/strict";
import type http from "node:http";
import test from "node:test";
import { request, secureUrl, type HubRequest, type HubResponse } from "../../src/hub/request.js";
import { failureOf, withHub } from "../support/downloading.js";
import type { FakeHub } from "../support/fakeHub.js";

type Page = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** Requests a page from a hub that answers with `page`. */
function requested(hub: FakeHub, page: Page, options: Partial<HubRequest> = {}): Promise<HubResponse> {
  hub.pages.set("/page", page);
  return request({ url: `${hub.endpoint}/page`, signal: new AbortController().signal, ...options });
}

/** Redirects the first `count` requests to the same page, and answers later ones with a text. */
function redirecting(count: number): Page {
  let left = count;
  return (_, response) => {
    if (left-- > 0) response.writeHead(302, { location: "/page" });
    response.end("here");
  };
}

test("eight redirects are followed, and no ninth", () =>
  withHub(async (hub) => {
    const response = await requested(hub, redirecting(8));
    assert.deepEqual([response.status, await response.text()], [200, "here"]);
    assert.equal((await failureOf(requested(hub, redirecting(9)))).kind, "redirects");
  }));

test("only statuses from 300 to 399 are redirects, except 304, and a redirect must name its target", () =>
  withHub(async (hub) => {
    const answering =
      (status: number): Page =>
      (_, response) =>
        void response.writeHead(status, { location: "/gone" }).end();
    hub.pages.set("/gone", (_, response) => void response.writeHead(404).end());
    for (const status of [200, 206, 304, 400, 404]) {
      assert.equal((await requested(hub, answering(status))).status, status);
    }
    for (const status of [300, 301, 307, 399]) assert.equal((await requested(hub, answering(status))).status, 404);
    const returned = await requested(hub, answering(302), { isRedirectReturned: true });
    assert.deepEqual([returned.status, returned.headers.get("location")], [302, "/gone"]);
    const nowhere: Page = (_, response) => void response.writeHead(302).end();
    assert.equal((await failureOf(requested(hub, nowhere))).kind, "redirects");
  }));

test("a token is sent to the requested host, also after a redirect within it, and to no other", () =>
  withHub(async (hub) => {
    const seen: (string | undefined)[] = [];
    hub.pages.set("/next", ({ headers }, response) => {
      seen.push(headers.authorization);
      response.writeHead(302, { location: `${hub.storeEndpoint}/file` }).end();
    });
    const first: Page = ({ headers }, response) => {
      seen.push(headers.authorization, headers["accept-encoding"], headers["user-agent"]);
      response.writeHead(302, { location: "/next" }).end();
    };
    const { isRedirected } = await requested(hub, first, { token: "secret" });
    assert.deepEqual(seen, ["Bearer secret", "identity", "rwkv-code", "Bearer secret"]);
    assert.deepEqual([isRedirected, hub.fetched[0]?.headers.authorization], [true, undefined]);
  }));

const hash = "0123456789abcdef".repeat(4);
for (const [headers, announced] of [
  [
    { "x-linked-size": "12", "x-linked-etag": `"${hash}"` },
    { bytes: 12, sha256: hash },
  ],
  [{ "x-linked-size": "12" }, { bytes: 12, sha256: undefined }],
  [{ "x-linked-etag": `W/"${hash.toUpperCase()}"` }, { bytes: undefined, sha256: hash }],
  [
    { "x-linked-size": "many", "x-linked-etag": hash },
    { bytes: undefined, sha256: hash },
  ],
  [
    { "x-linked-size": "1.5", "x-linked-etag": '"abc"' },
    { bytes: undefined, sha256: undefined },
  ],
  [{}, { bytes: undefined, sha256: undefined }],
] as const) {
  test(`size and hash are read from the hub's headers: ${JSON.stringify(headers).slice(0, 60)}`, () =>
    withHub(async (hub) => {
      hub.pages.set("/next", (_, response) => void response.end());
      const page: Page = (_, response) => void response.writeHead(302, { ...headers, location: "/next" }).end();
      assert.deepEqual((await requested(hub, page)).announced, announced);
    }));
}

test("a text has at most 16 MiB", () =>
  withHub(async (hub) => {
    const sending =
      (bytes: number): Page =>
      (_, response) =>
        void response.end(Buffer.alloc(bytes, "a"));
    assert.equal((await (await requested(hub, sending(2 ** 24))).text()).length, 2 ** 24);
    const failure = await failureOf((await requested(hub, sending(2 ** 24 + 1))).text());
    assert.equal(failure.kind, "unexpected");
  }));

test("an address is encrypted, or on this machine, and holds no user name or password", async () => {
  for (const good of ["https://example.com/a", "http://127.0.0.1:80/a"]) assert.equal(secureUrl(good).pathname, "/a");
  for (const [bad, kind] of [
    ["example.com", "notAnAddress"],
    ["https://me@example.com", "notAnAddress"],
    ["https://:secret@example.com", "notAnAddress"],
    ["ftp://example.com", "notAnAddress"],
    ["https-only://127.0.0.1", "notAnAddress"],
    ["http://example.com", "insecure"],
    ["http://127.0.0.2", "insecure"],
  ] as const) {
    assert.equal((await failureOf(Promise.resolve().then(() => secureUrl(bad)))).kind, kind, bad);
  }
});
