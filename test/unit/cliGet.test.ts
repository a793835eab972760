import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { catalogueFile } from "../../src/cli/catalogueFile.js";
import { ran } from "../support/cliCommands.js";
import { FakeHub } from "../support/fakeHub.js";
import {
  catalogueOf,
  publishedFile,
  publishedGguf,
  publishedName,
  publishedRepository,
} from "../support/publishedModel.js";
import { inTemporaryFolder } from "../support/temporary.js";

const gguf = publishedGguf("Hello.");
let hub: FakeHub;

before(async () => {
  hub = await FakeHub.start();
  hub.add(publishedRepository, publishedFile, gguf);
  mkdirSync(path.dirname(catalogueFile), { recursive: true }); // not the repository's: beside the tests' bundles
  writeFileSync(catalogueFile, catalogueOf(gguf).replace('"prefix"', '"suffix-prefix-middle"'));
});
after(() => hub.stop());

test("`get` downloads a model, imports it in 8 bits, and leaves nothing else; an existing model stays", (t) =>
  inTemporaryFolder(async (folder) => {
    const get = ["get", publishedName, "--source", hub.endpoint, "--to", folder];
    const { status, out } = await ran(t, ...get);
    assert.deepEqual([status, out[0], out[1]], [0, `downloading ${publishedFile}`, path.join(folder, publishedName)]);
    assert.match(out[3]!, /, large matrices in 8 bits$/);
    assert.match(out.at(-1)!, /^verified on \d+ tokens: /);
    assert.deepEqual(readdirSync(folder), [publishedName]);
    const inspected = await ran(t, "inspect", path.join(folder, publishedName), "--quick");
    for (const row of [`name        ${publishedName}`, "prompt      suffix-prefix-middle", "chat        g1"]) {
      assert.ok(inspected.out.includes(row), row);
    }
    const again = await ran(t, ...get);
    assert.equal(again.status, 1);
    assert.match(again.error.join(), /is there already; remove it, or give another folder with --to$/);
  }));

test("`get` gives the only model of a repository the name of its file, and asks to choose among several", (t) =>
  inTemporaryFolder(async (folder) => {
    const options = ["--source", hub.endpoint, "--to", folder];
    const { status, out } = await ran(t, "get", publishedRepository, ...options, "--quantize", "none");
    assert.equal(status, 0);
    assert.match(out[3]!, /, as in the source$/);
    assert.deepEqual(readdirSync(folder), [`${publishedName}-Q8_0`]);
    const inspected = await ran(t, "inspect", path.join(folder, `${publishedName}-Q8_0`), "--quick");
    assert.ok(inspected.out.includes("prompt      prefix"), "the name of the file suggests nothing else");
    for (const name of ["a.gguf", "b.pth", "README.md"]) hub.add("maker/two", name, gguf);
    const several = await ran(t, "get", "maker/two", ...options);
    assert.deepEqual(
      [several.status, several.out, several.error],
      [2, [], ["usage: rwkv-code get: the repository has 2 models; give one: maker/two/a.gguf, maker/two/b.pth"]],
    );
  }));

test("`get` says why a file cannot be downloaded, and leaves no folder", (t) =>
  inTemporaryFolder(async (folder) => {
    const { status, error } = await ran(t, "get", "maker/none/gone.gguf", "--source", hub.endpoint, "--to", folder);
    assert.equal(status, 1);
    assert.match(
      error.join(),
      /gone\.gguf does not exist any more \(404\).* Nothing was downloaded\. The same command/,
    );
    assert.deepEqual(readdirSync(folder), []);
    const source = await ran(t, "get", publishedName, "--source", "http://example.com");
    assert.equal(source.status, 1);
    assert.match(source.error.join(), /http:\/\/example\.com is not encrypted/);
  }));

/** The fields in which the catalogue's models differ from the published one. */
const models = [
  { name: "rwkv-small", title: "Small", parameters: 40_000_000, chat: "none", weights: { bytes: 14_000_000 } },
  { name: "rwkv-middle", title: "Middle", parameters: 2_000_000_000, chat: "g1", prompt: "suffix-prefix-middle" },
  { name: "rwkv-large", title: "Large", parameters: 9_000_000_000, chat: "world" },
];

test("`models` lists what each model needs and does, how fast it should be, and which one is recommended", (t) =>
  inTemporaryFolder(async (folder) => {
    let nowMs = 0;
    t.mock.method(performance, "now", () => nowMs++); // each call takes 1 ms, so reading 128 MiB does, too
    t.mock.method(os, "totalmem", () => 8e9);
    t.mock.method(process, "constrainedMemory", () => 0);
    const catalogue = JSON.parse(catalogueOf(gguf)) as { models: [{ weights: object }] };
    const [published] = catalogue.models;
    const all = models.map((model) => ({
      ...published,
      ...model,
      weights: { ...published.weights, bytes: 3_000_000_000, ...model.weights },
    }));
    writeFileSync(catalogueFile, JSON.stringify({ ...catalogue, models: all }));
    mkdirSync(path.join(folder, "rwkv-middle"));
    writeFileSync(path.join(folder, "rwkv-middle", "model.json"), "{}");
    const { status, out } = await ran(t, "models", "--to", folder);
    assert.equal(status, 0);
    assert.deepEqual(out, [
      "rwkv-small        Small",
      "  14 MB to download; 200 MB of memory; completes; should write 2600 tokens/s; made for a test",
      "rwkv-middle       Middle (is there) (recommended: the largest one that is fast enough on this machine)",
      "  3.0 GB to download; 2.6 GB of memory; completes, fills in the middle, chats; should write 42 tokens/s; made for a test",
      "rwkv-large        Large",
      "  3.0 GB to download; 11.3 GB of memory, which this machine does not have; completes, chats; should write 9.3 tokens/s; made for a test",
    ]);
    const lines = (await ran(t, "models", "--json")).out.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      lines.map(({ isThere, isRecommended, fitsMemory, memoryBytes }) => [
        isThere,
        isRecommended,
        fitsMemory,
        memoryBytes,
      ]),
      [
        [false, false, true, 199_500_000],
        [false, true, true, 2_625_000_000],
        [false, false, false, 11_287_500_000],
      ],
    );
  }));
