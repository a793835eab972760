import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import test from "node:test";
import { DownloadError } from "../../src/hub/downloadError.js";
import { fastestFirst } from "../../src/hub/fastestSource.js";
import { weightsOf } from "../../src/hub/repositoryFiles.js";
import { wantedModel } from "../../src/hub/wantedModel.js";
import { FakeHub, sha256 } from "../support/fakeHub.js";

const bytes = Buffer.from("weights");
const signal = new AbortController().signal;

async function withHubs(count: number, run: (hubs: FakeHub[]) => Promise<void>): Promise<void> {
  const hubs = await Promise.all(Array.from({ length: count }, () => FakeHub.start()));
  try {
    await run(hubs);
  } finally {
    for (const hub of hubs) await hub.stop();
  }
}

test("the source that responds first is tried first; one that lacks the file or does not respond comes last", () =>
  withHubs(3, async ([slow, empty, quick]) => {
    slow!.pages.set("/o/r/resolve/main/a.gguf", () => undefined); // never responds
    const urls = [
      slow!.add("o/r", "a.gguf", bytes),
      `${empty!.endpoint}/o/r/resolve/main/a.gguf`,
      quick!.add("o/r", "a.gguf", bytes),
    ];
    assert.deepEqual(await fastestFirst(urls, signal), [urls[2], urls[0], urls[1]]);
    assert.equal(quick!.fetched.length, 0, "no byte of the file is asked for");
    assert.deepEqual(await fastestFirst(urls.slice(0, 2), signal, 100), urls.slice(0, 2));
    assert.deepEqual(await fastestFirst(urls.slice(0, 1), signal), urls.slice(0, 1));
  }));

test("weights files of a repository are listed with size and hash, the smallest first, on either kind of hub", () =>
  withHubs(1, async ([hub]) => {
    hub!.add("o/r", "large.pth", Buffer.alloc(100));
    hub!.add("o/r", "small.gguf", bytes);
    for (const name of ["README.md", "model-00001-of-00002.safetensors"]) hub!.add("o/r", name, bytes);
    const small = { path: "small.gguf", bytes: bytes.length, sha256: sha256(bytes) };
    const large = { path: "large.pth", bytes: 100, sha256: sha256(Buffer.alloc(100)) };
    assert.deepEqual(await weightsOf({ kind: "huggingFace", endpoint: hub!.endpoint }, "o/r", { signal }), [
      small,
      large,
    ]);

    const files = [
      { Path: "large.pth", Size: 100, Sha256: large.sha256, Type: "blob" },
      { Path: "small.gguf", Size: bytes.length, Sha256: small.sha256.toUpperCase(), Type: "blob" },
    ];
    hub!.pages.set("/api/v1/models/o/r/repo/files", (_: IncomingMessage, response: ServerResponse) => {
      response.end(JSON.stringify({ Code: 200, Data: { Files: files } }));
    });
    assert.deepEqual(await weightsOf({ kind: "modelScope", endpoint: hub!.endpoint }, "o/r", { signal }), [
      small,
      large,
    ]);
  }));

test("an invalid listing is reported as such, and the token is sent along", () =>
  withHubs(1, async ([hub]) => {
    const at = { kind: "huggingFace", endpoint: hub!.endpoint } as const;
    const kindOf = (repository: string): Promise<string> =>
      weightsOf(at, repository, { signal, tokenFor: async () => "hf_secret" }).then(
        () => "none",
        (error: unknown) => (error as DownloadError).failure.kind,
      );
    hub!.add("o/text", "README.md", bytes);
    const answers: Record<string, string> = { page: "<html>Log in</html>", object: "{}", broken: "[{" };
    for (const [name, text] of Object.entries(answers)) {
      hub!.pages.set(`/api/models/o/${name}/tree/main`, (_: IncomingMessage, response: ServerResponse) => {
        response.end(text);
      });
    }
    hub!.pages.set("/api/models/o/closed/tree/main", (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(401).end();
    });
    const names = ["none", "text", "page", "object", "broken", "closed"];
    assert.deepEqual(await Promise.all(names.map((name) => kindOf(`o/${name}`))), [
      "gone",
      "noWeights",
      "webPage",
      "unexpected",
      "webPage",
      "denied",
    ]);
    assert.ok(hub!.seen.every(({ headers }) => headers.authorization === "Bearer hf_secret"));
  }));

test("a repository is searched on all hubs, and a file called model gets its name", () =>
  withHubs(2, async ([empty, hub]) => {
    hub!.add("owner/rwkv7-g1x", "model.safetensors", bytes);
    const hubs = [empty!, hub!].map(({ endpoint }) => ({ kind: "huggingFace", endpoint }) as const);
    const { choices, name } = await wantedModel("owner/rwkv7-g1x", hubs, { signal });
    assert.deepEqual(
      choices.map(({ file }) => file.urls),
      [[`${hub!.endpoint}/owner/rwkv7-g1x/resolve/main/model.safetensors`]],
    );
    assert.equal(name(choices[0]!), "rwkv7-g1x");
    await assert.rejects(
      wantedModel("owner/none", hubs, { signal }),
      (error) => error instanceof DownloadError && error.failure.kind === "gone",
    );
  }));

const hash = "0123456789ABCDEF".repeat(4);
const listings: readonly (readonly [string, object, object | undefined])[] = [
  ["all fields", { path: "a.pth", size: 7, lfs: { oid: hash } }, { path: "a.pth", bytes: 7, sha256: hash.toLowerCase() }],
  ["one byte", { path: "a.pth", size: 1 }, { path: "a.pth", bytes: 1, sha256: undefined }],
  ["no bytes", { path: "a.pth", size: 0, lfs: null }, { path: "a.pth", bytes: 0, sha256: undefined }],
  ["a negative size", { path: "a.pth", size: -1 }, { path: "a.pth", bytes: undefined, sha256: undefined }],
  ["half a byte", { path: "a.pth", size: 1.5 }, { path: "a.pth", bytes: undefined, sha256: undefined }],
  ["a size as text", { path: "a.pth", size: "7" }, { path: "a.pth", bytes: undefined, sha256: undefined }],
  ["a hash of another kind", { path: "a.pth", lfs: { oid: hash.slice(1) } }, { path: "a.pth", bytes: undefined, sha256: undefined }],
  ["a hash that is a number", { path: "a.pth", lfs: { oid: 5 } }, { path: "a.pth", bytes: undefined, sha256: undefined }],
  ["no path", { size: 7 }, undefined],
]; // prettier-ignore

for (const [what, entry, expected] of listings) {
  test(`a listed file with ${what} is ${expected === undefined ? "left out" : "read"}`, () =>
    withHubs(1, async ([hub]) => {
      hub!.pages.set("/api/models/o/r/tree/main", (_: IncomingMessage, response: ServerResponse) => {
        response.end(JSON.stringify([entry, { path: "z.pth", size: 9 }, null, 5]));
      });
      const found = await weightsOf({ kind: "huggingFace", endpoint: hub!.endpoint }, "o/r", { signal });
      const [ours, others] = [true, false].map((isOurs) => found.filter(({ path }) => (path === "a.pth") === isOurs));
      assert.deepEqual(others, [{ path: "z.pth", bytes: 9, sha256: undefined }]);
      assert.deepEqual(ours, expected === undefined ? [] : [expected]);
    }));
}
