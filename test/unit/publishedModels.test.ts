import { dialogs } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { Catalogue, CatalogueModel } from "../../src/hub/catalogue.js";
import { machineMemoryBytes } from "../../src/hub/requirements.js";
import type { KnownModel } from "../../src/extension/models/knownModels.js";
import { PublishedModels, type PublishedModelsParts } from "../../src/extension/models/publishedModels.js";
import { focusedItems, pickPublishedModel } from "../../src/extension/models/publishedModelPicker.js";
import type { ModelFacts } from "../../src/extension/models/modelTexts.js";
import { inTemporaryFolder } from "../support/temporary.js";

const model: CatalogueModel = {
  name: "small",
  title: "Small",
  parameters: 1e8,
  layers: 12,
  width: 768,
  prompt: "prefix",
  chat: "none",
  licence: "Apache-2.0",
  weights: { path: "folder/small.pth", bytes: 200e6, repositories: {} },
};

interface Options {
  readonly known?: readonly KnownModel[];
  readonly facts?: ModelFacts;
  readonly lines?: readonly object[] | Error;
}

class OneModel extends PublishedModels {
  override catalogue(): Promise<Catalogue> {
    return Promise.resolve({ models: [model], vocabularies: {} } as unknown as Catalogue); // the members that are used
  }
}

/** Runs a test with the models of a catalogue and a temporary folder. `runs` counts the runs of the command line. */
function published(
  options: Options,
  run: (models: OneModel, folder: string, runs: () => number) => Promise<void>,
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    let runs = 0;
    const library = {
      importedFolder: path.join(folder, "models"),
      all: async () => (options.known ?? []).map((one) => ({ ...one, folder: path.join(folder, one.folder) })),
      facts: async () => options.facts,
    };
    const commandLine = {
      run: async (args: readonly string[], { onLine }: { readonly onLine: (line: string) => void }) => {
        assert.deepEqual(args, ["models", "--json"]);
        runs++;
        if (options.lines instanceof Error) throw options.lines;
        for (const line of options.lines ?? []) onLine(JSON.stringify(line));
      },
    };
    const parts = { catalogueFile: "", downloads: path.join(folder, "downloads"), library, commandLine };
    await run(new OneModel(parts as unknown as PublishedModelsParts), folder, () => runs);
  });
}

/** Simulates a partial download: writes the first bytes of the model's weights. */
function receive(folder: string, name: string, bytes: number): void {
  mkdirSync(path.join(folder, "downloads/small"), { recursive: true });
  writeFileSync(path.join(folder, "downloads/small", name), Buffer.alloc(bytes));
}

function importInto(folder: string): void {
  mkdirSync(path.join(folder, "models/small"), { recursive: true });
  writeFileSync(path.join(folder, "models/small/model.json"), "{}");
}

const fast: ModelFacts = { kind: "known", tokensPerSecond: 9, line: {} as never };
const current: KnownModel = { kind: "imported", folder: "models/small", setting: "small", isCurrent: true };
const expected = new Map([["small", 7]]);
const nothing = { isImported: false, isCurrent: false, receivedBytes: 0, speed: undefined };
const measured = { kind: "measured", tokensPerSecond: 9 };

const facts: readonly (readonly [string, Options, (folder: string) => void, ReadonlyMap<string, number>, object])[] = [
  ["is not here", {}, () => undefined, new Map(), nothing],
  ["has an expected speed", {}, () => undefined, expected, { ...nothing, speed: { kind: "expected", tokensPerSecond: 7 } }],
  ["was received in part", {}, (folder) => { receive(folder, "small.pth.part", 5); }, new Map(), { ...nothing, receivedBytes: 5 }],
  ["was received completely", {}, (folder) => { receive(folder, "small.pth", 6); }, new Map(), { ...nothing, receivedBytes: 6 }],
  ["was imported, but is not in the list yet", {}, importInto, new Map(), { ...nothing, isImported: true }],
  ["is in use and was measured", { known: [current], facts: fast }, importInto, expected, { ...nothing, isImported: true, isCurrent: true, speed: measured }],
  ["is not in use", { known: [{ ...current, isCurrent: false }], facts: fast }, importInto, new Map(), { ...nothing, isImported: true, speed: measured }],
  ["cannot be read", { known: [current], facts: { kind: "unreadable", reason: "" } }, importInto, new Map(), { ...nothing, isImported: true, isCurrent: true }],
  ["has a namesake that was not imported", { known: [{ ...current, folder: "other/small" }], facts: fast }, importInto, new Map(), { ...nothing, isImported: true }],
]; // prettier-ignore

for (const [what, options, prepare, speeds, result] of facts) {
  test(`facts of a published model that ${what}`, () =>
    published(options, async (models, folder) => {
      prepare(folder);
      assert.deepEqual(await models.facts(model, speeds), { ...result, machineMemoryBytes: machineMemoryBytes() });
    }));
}

test("an imported model has a model.json", () =>
  published({}, async (models, folder) => {
    mkdirSync(path.join(folder, "models/small"), { recursive: true });
    assert.equal(models.importedFolder(model), undefined);
    importInto(folder);
    assert.equal(models.importedFolder(model), path.join(folder, "models/small"));
  }));

test("speeds are measured once, and without a measurement there are none", async () => {
  const lines = [{ name: "small", expectedTokensPerSecond: 7 }, { name: "large", expectedTokensPerSecond: 2 }]; // prettier-ignore
  await published({ lines }, async (models, _, runs) => {
    for (let times = 0; times < 2; times++) assert.deepEqual([...(await models.expectedSpeeds())], [["small", 7], ["large", 2]]); // prettier-ignore
    assert.equal(runs(), 1);
  });
  await published({ lines: new Error("no bandwidth") }, async (models) => {
    assert.equal((await models.expectedSpeeds()).size, 0);
  });
});

test("the received bytes are discarded, and nothing else", () =>
  published({}, async (models, folder) => {
    receive(folder, "small.pth.part", 5);
    mkdirSync(path.join(folder, "downloads/other"));
    await models.discard("small");
    await models.discard("small");
    assert.deepEqual(readdirSync(path.join(folder, "downloads")), ["other"]);
  }));

const label = "$(cloud-download) Small";
const choices: readonly (readonly [string, unknown])[] = [
  [label, { kind: "model", model }],
  ["Enter", { kind: "model", model }],
  ["$(link) From an Address or Repository…", { kind: "address" }],
  ["$(add) Import Model from File…", { kind: "command", command: "rwkvCode.importModel" }],
  ["nothing of the list", undefined],
];

for (const [answer, choice] of choices) {
  test(`of the published models, the user picks ${answer}`, () =>
    published({ lines: [] }, async (models) => {
      dialogs.reset(answer);
      assert.deepEqual(await pickPublishedModel(models), choice);
      const others = ["Other Models", "$(link) From an Address or Repository…", "$(add) Import Model from File…"];
      assert.deepEqual([label, ...others].filter((line) => !dialogs.shown.includes(line)), []); // prettier-ignore
    }));
}

for (const [what, recommended, moved, focused] of [
  ["the recommended model", "b", undefined, "b"],
  ["the one to which the user has moved", "b", "c", "c"],
  ["the first one if none is recommended", undefined, undefined, "a"],
] as const) {
  test(`the list of published models focuses ${what}`, () => {
    const items = ["a", "b", "c"].map((label) => ({ label, isRecommended: label === recommended }));
    assert.deepEqual(
      focusedItems(items, moved).map(({ label }) => label),
      [focused],
    );
  });
}
