import { dialogs } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { Aborted, type CommandLine, type RunOptions } from "../../src/extension/models/commandLine.js";
import { getModel, type GetModelParts } from "../../src/extension/models/getModel.js";
import { PublishedModels } from "../../src/extension/models/publishedModels.js";
import { content, withHub } from "../support/downloading.js";
import { sha256, type FakeHub } from "../support/fakeHub.js";

interface Getting {
  readonly hub: FakeHub;
  /** The folder of the downloads; `models` is the folder of the imported models. */
  readonly downloads: string;
  readonly models: string;
  readonly get: (parts?: Partial<GetModelParts>) => Promise<boolean>;
  /** The arguments of each import, except for paths. */
  readonly imports: (readonly string[])[];
  readonly errors: string[];
}

interface Options {
  readonly parameters?: number;
  /** The result when the command line inspects a weights file. */
  readonly inspected?: object;
  /** If set, imports fail with this message. */
  readonly failure?: string;
}

const toTheModel = "$(cloud-download) Small";
const vocabulary = Buffer.from("1 'a' 1\n");

/** Runs a test with a hub that has a model and its vocabulary, and a command line whose imports are simulated. */
function getting(run: (given: Getting) => Promise<void>, options: Options = {}): Promise<void> {
  return withHub(async (hub, folder) => {
    dialogs.reset(toTheModel);
    hub.add("maker/small", "small.gguf", content);
    hub.add("maker/small", "world.txt", vocabulary);
    const [downloads, models] = [path.join(folder, "downloads"), path.join(folder, "models")];
    const repositories = { huggingFace: "maker/small" };
    const catalogueFile = path.join(folder, "catalogue.json");
    const model = {
      name: "small",
      title: "Small",
      parameters: options.parameters ?? 1e6,
      layers: 1,
      width: 64,
      prompt: "suffix-prefix-middle",
      chat: "none",
      licence: "Apache-2.0",
      weights: { path: "small.gguf", bytes: content.length, sha256: sha256(content), repositories },
    };
    const world = { path: "world.txt", bytes: vocabulary.length, sha256: sha256(vocabulary), repositories };
    writeFileSync(catalogueFile, JSON.stringify({ formatVersion: 1, models: [model], vocabularies: { world } }));
    const imports: (readonly string[])[] = [];
    const commandLine = {
      inspect: async () => options.inspected ?? { isVocabularyMissing: false },
      run: async (args: readonly string[], { onLine, signal }: RunOptions) => {
        if (args[0] !== "import") return;
        const out = args[args.indexOf("--out") + 1]!;
        imports.push(args.filter((arg) => !arg.includes(folder) && arg !== "--out"));
        assert.ok(existsSync(args[1]!), "the weights are not there");
        if (options.failure !== undefined) throw new Error(options.failure);
        mkdirSync(out, { recursive: true });
        onLine(JSON.stringify({ kind: "progress", fraction: 0.5 }));
        if (signal?.aborted === true) throw new Aborted("cancelled");
        onLine(JSON.stringify({ kind: "made", bytes: 3e6, dimensions: { version: 7, layers: 1, width: 64 } }));
        onLine(JSON.stringify({ kind: "verified", verification: { kind: "tooLarge", neededBytes: 2e9 } }));
      },
    } as unknown as CommandLine; // only these members are used
    const library = {
      importedFolder: models,
      all: async () => [],
      settingOf: (of: string) => path.basename(of),
    } as unknown as GetModelParts["library"]; // only these members are used
    const errors: string[] = [];
    const parts: GetModelParts = {
      library,
      commandLine,
      restart: async () => undefined,
      published: new PublishedModels({ catalogueFile, downloads, library, commandLine }),
      tokens: { of: async () => undefined } as unknown as GetModelParts["tokens"],
      downloadSource: () => hub.endpoint,
      onError: (error) => errors.push(error instanceof Error ? error.message : String(error)),
    };
    await run({ hub, downloads, models, imports, errors, get: (others) => getModel({ ...parts, ...others }) });
  });
}

const importOf = (name: string, ...more: readonly string[]) => [
  ...["import", "--json", "--name", name, "--quantize", "int8"],
  ...more,
];

test("a published model is downloaded, imported in 8 bits with the prompt that it knows, and offered", () =>
  getting(async ({ get, hub, imports, downloads, models }) => {
    assert.equal(await get(), true);
    assert.equal(hub.fetched.length, 1);
    assert.deepEqual(imports, [importOf("small", "--fim")]);
    assert.deepEqual([readdirSync(models), readdirSync(downloads)], [["small"], []]);
    assert.match(dialogs.shown.at(-1)!, /small is imported/);
  }));

test("a model that is imported already is used", () =>
  getting(async ({ get, hub, models }) => {
    mkdirSync(path.join(models, "small"), { recursive: true });
    writeFileSync(path.join(models, "small/model.json"), "{}");
    dialogs.answer = "$(check) Small";
    assert.equal(await get(), true);
    assert.deepEqual([dialogs.changed, hub.seen], [["model = small"], []]);
  }));

test("a model whose name is taken gets another one", () =>
  getting(async ({ get, models }) => {
    mkdirSync(path.join(models, "small"), { recursive: true });
    assert.equal(await get(), true);
    assert.deepEqual(readdirSync(models), ["small", "small-2"]);
  }));

test("a model that does not fit into memory is downloaded only if the user insists", () =>
  getting(
    async ({ get, hub }) => {
      assert.equal(await get(), false);
      const question = dialogs.shown.slice(-2).join(" ");
      assert.match(
        question,
        /^Small does not fit into this machine's memory\. It needs 1237500\.2 GB, and there are .* GB for everything\.$/,
      );
      assert.deepEqual(hub.seen, []);
      dialogs.presses = ["Download Anyway"];
      assert.equal(await get(), true);
    },
    { parameters: 1e15 },
  ));

test("a vocabulary that is not in the weights file is downloaded", () =>
  getting(
    async ({ get, hub, imports }) => {
      assert.equal(await get(), true);
      const files = hub.fetched.map((request) => path.basename(request.path.split("?")[0]!));
      assert.deepEqual([files, imports.length], [["small.gguf", "world.txt"], 1]);
    },
    { inspected: { isVocabularyMissing: true } },
  ));

test("without its vocabulary, a model is not imported", () =>
  getting(
    async ({ get, hub, imports, downloads }) => {
      hub.files.delete("/maker/small/resolve/main/world.txt");
      assert.equal(await get(), false);
      assert.deepEqual([imports, readdirSync(downloads)], [[], ["small"]]);
    },
    { inspected: { isVocabularyMissing: true } },
  ));

test("a model that the user does not wait for is not imported", () =>
  getting(async ({ get, imports, errors }) => {
    dialogs.cancelsAt = /./;
    assert.equal(await get(), false);
    assert.deepEqual([imports, errors], [[], []]);
  }));

test("after a cancelled import, the download is left for another attempt", () =>
  getting(async ({ get, errors, models, downloads }) => {
    dialogs.cancelsAt = /^50 %$/;
    assert.equal(await get(), false);
    assert.deepEqual([readdirSync(models), readdirSync(downloads), errors], [[], ["small"], []]);
  }));

for (const [claim, press, left] of [
  ["stays", undefined, ["small"]],
  ["is discarded if the user wishes", "Discard Download", []],
] as const) {
  test(`what cannot be imported ${claim}`, () =>
    getting(
      async ({ get, errors, downloads }) => {
        dialogs.presses = press === undefined ? [] : [press];
        assert.equal(await get(), false);
        assert.match(dialogs.shown.at(-1)!, /^RWKV Code: Small was downloaded, but could not be imported: no memory/);
        assert.deepEqual([errors, readdirSync(downloads)], [["no memory"], left]);
      },
      { failure: "no memory" },
    ));
}

test("a model from an address has its repository's name and the prompt that the file's name suggests", () =>
  getting(
    async ({ get, hub, imports }) => {
      dialogs.answer = "$(link) From an Address or Repository…";
      dialogs.inputs = [`${hub.endpoint}/maker/small/resolve/main/small.gguf`];
      assert.equal(await get(), true);
      assert.deepEqual(imports, [importOf("small", "--fim")]);
      assert.doesNotMatch(dialogs.shown.join("\n"), /is neither the address/); // not even while the address was typed
    },
    { inspected: { isVocabularyMissing: false, suggestedPrompt: "suffix-prefix-middle" } },
  ));

test("an address that is not complete is refused when it is entered, not while it is typed", () =>
  getting(async ({ get, hub }) => {
    dialogs.answer = "$(link) From an Address or Repository…";
    dialogs.inputs = ["maker"];
    assert.equal(await get(), false);
    assert.equal(dialogs.shown.filter((line) => line.includes("maker")).length, 1, dialogs.shown.join("\n"));
    assert.deepEqual(hub.seen, []);
  }));

test("nothing is downloaded if no address is given, or nothing is picked", () =>
  getting(async ({ get, hub }) => {
    dialogs.answer = "$(link) From an Address or Repository…";
    assert.equal(await get(), false);
    dialogs.answer = "nothing of the list";
    assert.equal(await get(), false);
    assert.deepEqual([hub.seen, dialogs.changed], [[], []]);
  }));

test("the list leads to the import of a file", () =>
  getting(async ({ get }) => {
    dialogs.answer = "$(add) Import Model from File…";
    assert.equal(await get(), false);
    assert.deepEqual(dialogs.changed, ["rwkvCode.importModel"]);
  }));

test("an address that is not encrypted is refused with the reason, and other errors stay as they are", () =>
  getting(async ({ get }) => {
    await assert.rejects(
      get({ downloadSource: () => "http://example.com" }),
      /http:\/\/example\.com.* is not encrypted/,
    );
    const failing = () => {
      throw new RangeError("something else");
    };
    await assert.rejects(get({ downloadSource: failing }), RangeError);
  }));
