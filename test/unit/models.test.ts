import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import { sizeText } from "../../src/hub/sizeText.js";
import type { InspectLine } from "../../src/shared/cliOutput.js";
import { failureReason } from "../../src/extension/models/commandLine.js";
import { importLine } from "../../src/extension/models/importLine.js";
import { ModelLibrary, type LibraryParts } from "../../src/extension/models/modelLibrary.js";
import { knownModels } from "../../src/extension/models/knownModels.js";
import { modelCard } from "../../src/extension/models/modelCard.js";
import { folderName, freeName } from "../../src/extension/models/modelName.js";
import { namedModel, settingOf } from "../../src/extension/models/namedModel.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { capabilitiesText, count, modelText, verificationText } from "../../src/extension/models/modelTexts.js";
import { workingFolder } from "../../src/extension/models/workingFolders.js";
import { weightChoices } from "../../src/extension/models/weightChoices.js";

const t = (text: string, ...values: (string | number)[]): string =>
  text.replace(/\{(\d)\}/g, (_, index: string) => `${values[Number(index)]}`);
const imported = path.resolve("storage/models");
const embedded = path.resolve("models/default");

/** The listed models in order, as kind and folder name. An asterisk marks the current one. */
function listed(names: readonly string[], setting: string, isMissing = false): string[] {
  const named = { ...namedModel(setting, imported), isMissing };
  return knownModels({ embedded, imported, names, named }).map(
    ({ kind, folder, isCurrent }) => `${isCurrent ? "*" : ""}${kind} ${path.basename(folder)}`,
  );
}

const line: InspectLine = {
  name: "G1 small",
  dimensions: { version: 7, layers: 12, width: 768 },
  parameters: 191_000_000,
  weightsBytes: 215_000_000,
  stateBytes: 2_433_024,
  prompt: "prefix",
  chat: "g1",
  licence: "Apache-2.0",
  isVocabularyMissing: false,
  importedBytes: { none: 382_000_000, int8: 252_000_000, int4: 231_000_000 },
  sha256: {},
};

test("the list contains the embedded model, imported ones by name, and the one that the setting names elsewhere", () => {
  assert.deepEqual(listed([], ""), ["*embedded default"]);
  const making = workingFolder("", "c");
  const names = ["b", "a", making, `${making}.7-1.partial`, "d.7-1.partial"];
  assert.deepEqual(listed(names, ""), ["*embedded default", "imported a", "imported b"]);
  assert.deepEqual(listed(["a"], path.join(imported, "a") + path.sep), ["embedded default", "*imported a"]);
  assert.deepEqual(listed(["a"], "a"), ["embedded default", "*imported a"]);
  assert.deepEqual(listed(["a"], "/other/b"), ["embedded default", "imported a", "*elsewhere b"]);
  assert.deepEqual(listed(["a"], "b", true), ["*embedded default", "imported a", "elsewhere b"]);
  assert.deepEqual(listed([], embedded), ["*embedded default"]);
});

test("an entry shows size, capabilities, measured speed and license", () => {
  const model = { kind: "imported", folder: path.join(imported, "a"), setting: "a", isCurrent: true } as const;
  assert.deepEqual(modelText(model, { kind: "known", line, tokensPerSecond: 41.7 }, t), {
    label: "$(check) G1 small",
    description: "in use · chats, completes",
    detail: "42 tokens/s · 215 MB · Apache-2.0 · 191M parameters",
  });
  const embeddedModel = { ...model, kind: "embedded" } as const;
  assert.equal(modelText(embeddedModel, { kind: "known", line, tokensPerSecond: 1 }, t).description, "in use · chats, completes · embedded"); // prettier-ignore
  const elsewhere = { ...line, licence: "see the source" };
  assert.match(
    modelText(model, { kind: "known", line: elsewhere, tokensPerSecond: 1 }, t).detail,
    /licence: see the source/,
  );
  const other = { ...model, isCurrent: false };
  assert.deepEqual(modelText(other, { kind: "unreadable", reason: "model.json: is not JSON" }, t), {
    label: "$(blank) a",
    description: "",
    detail: "model.json: is not JSON",
  });
  for (const prompt of ["prefix-suffix-middle", "suffix-prefix-middle"] as const) {
    assert.equal(capabilitiesText({ prompt, chat: "none" }, t), "does not chat, completes, fills in the middle");
  }
  assert.equal(capabilitiesText({ prompt: "prefix", chat: "none" }, t), "does not chat, completes");
});

test("8-bit weights are offered first, and each choice has its size", () => {
  assert.deepEqual(
    weightChoices(line, t).map(({ value, detail }) => [value, detail.split(";")[0]]),
    [
      ["int8", "252 MB"],
      ["int4", "231 MB"],
      ["none", "382 MB"],
    ],
  );
});

test("a card shows the numbers, the folder's README under its own headings, and model.json", () => {
  const model = { kind: "embedded", folder: "/m/a", setting: "", isCurrent: false } as const;
  const facts = { kind: "known", line, tokensPerSecond: undefined } as const;
  const card = modelCard({ model, facts, json: '{ "name": "G1 small" }\n', readme: "# About\n" }, t);
  assert.match(card, /^# G1 small\n\n- Folder: \/m\/a\n- Shape: RWKV-7, 12 layers of width 768, 191M parameters\n/);
  assert.match(card, /- Speed on this machine: not measured yet\n/);
  assert.match(card, /\n## README\.md\n\n## About\n\n## model\.json\n\n```json\n\{ "name": "G1 small" \}\n```\n$/);
});

test("nothing that a foreign model says is rendered in its card, so its preview loads no picture", () => {
  const picture = '<img src="https://host.example/a.png"> ![a](https://host.example/b.png)';
  const model = { kind: "imported", folder: "/m/a", setting: "/m/a", isCurrent: false } as const;
  const facts = { kind: "known", line: { ...line, name: picture, licence: picture }, tokensPerSecond: 1 } as const;
  const card = modelCard(
    { model, facts, json: JSON.stringify({ picture }), readme: `${picture}\n\`\`\`\n${picture}` },
    t,
  );
  const rendered = card.replace(/^(````*)\w+\n[^]*?\n\1$/gm, "");
  assert.match(rendered, /host\.example/);
  assert.doesNotMatch(rendered, /(?<!\\)[<[]|\]\(/);
});

test("numbers are formatted for people", () => {
  assert.deepEqual([count(800_000), count(11_200_000), count(1_527_000_000)], ["800K", "11.2M", "1.5B"]);
  assert.deepEqual([sizeText(540_672), sizeText(15_096_608), sizeText(3_055_000_000)], ["541 kB", "15.1 MB", "3.1 GB"]);
  assert.match(verificationText({ kind: "tooLarge", neededBytes: 8e9 }, t), /needs 8\.0 GB of memory/);
  assert.match(
    verificationText({ kind: "failed", reason: "a.pth: too large" }, t),
    /not compared .*: a\.pth: too large$/,
  );
  assert.match(
    verificationText({ kind: "compared", tokens: 48, agreeing: 47, maxDifference: 0.01234 }, t),
    /the same token in 47 of 48 cases\.$/,
  );
});

test("a folder gets a portable name, and another one if that is taken", () => {
  assert.equal(folderName("RWKV-x070-World-0.1B-v2.8"), "RWKV-x070-World-0.1B-v2.8");
  assert.equal(folderName(". odd: name?"), "odd_ name_");
  assert.deepEqual(["a.partial", "a.new", "..."].map(folderName), ["a", "a", "model"]);
  assert.equal(freeName("a", []), "a");
  assert.equal(freeName("a", ["A", "a-2", "b"]), "a-3");
});

test("the child's lines are parsed; anything else is ignored", () => {
  assert.deepEqual(importLine('{"kind":"progress","fraction":0.5}'), { kind: "progress", fraction: 0.5 });
  for (const other of ["", "null", "warning: slow", '{"kind":"noise"}', "[1]"]) {
    assert.equal(importLine(other), undefined);
  }
  assert.equal(failureReason("warning\nrwkv-code: /x/a.pth: ends early\n", 1), "/x/a.pth: ends early");
  assert.equal(failureReason("usage: rwkv-code import SOURCE\n", 2), "import SOURCE");
  assert.equal(failureReason("", null), "the command line ended with a signal");
});

test("an imported model is set by its name, which also works in another profile and on another machine", () =>
  inTemporaryFolder((folder) => {
    const storage = path.join(folder, "globalStorage/rwkv-code.rwkv-code/models");
    mkdirSync(path.join(storage, "a"), { recursive: true });
    assert.equal(settingOf(path.join(storage, "a"), storage), "a");
    assert.equal(settingOf(path.join(folder, "elsewhere"), storage), path.join(folder, "elsewhere"));
    assert.equal(settingOf("", storage), "");
    const found = (setting: string): [string, boolean] => {
      const { folder: place, isMissing } = namedModel(setting, storage);
      return [place, isMissing];
    };
    assert.deepEqual(found(""), ["", false]);
    assert.deepEqual(found("a"), [path.join(storage, "a"), false]);
    assert.deepEqual(found("b"), [path.join(storage, "b"), true]);
    assert.deepEqual(found(folder), [folder, false]);
    assert.deepEqual(found("~/no such folder"), [path.join(os.homedir(), "no such folder"), true]);
    for (const other of [
      "/home/ada/.config/Code/User/globalStorage/rwkv-code.rwkv-code/models/a",
      "C:\\Users\\Ada\\Code\\User\\globalStorage\\rwkv-code.rwkv-code\\models\\a\\",
    ]) {
      assert.deepEqual(found(other), [path.join(storage, "a"), false]);
    }
    assert.deepEqual(found("/home/ada/models/a"), ["/home/ada/models/a", true]);
  }));

test("the best speed measured with the engine is shown, as approximate", async () => {
  const kept = new Map<string, unknown>();
  const parts = {
    embedded,
    imported,
    named: () => namedModel("", imported),
    commandLine: { inspect: () => Promise.resolve(line) },
    memento: {
      get: (key: string, otherwise: unknown) => kept.get(key) ?? otherwise,
      update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    },
  } as unknown as LibraryParts; // only these members are used
  const library = new ModelLibrary(parts);
  const [model] = knownModels({ embedded, imported, names: [], named: namedModel("", imported) });
  const shownAfter = async (tokensPerSecond: number, engine: string): Promise<string | undefined> => {
    await library.status({ kind: "ready", model: "m", modelPath: "", engine, chat: "none", tokensPerSecond });
    const { detail } = modelText(model!, await library.facts(model!), t);
    return /\d+ tokens\/s/.exec(detail)?.[0];
  };
  assert.equal(await shownAfter(82, "native"), "82 tokens/s");
  assert.equal(await shownAfter(6247, "native"), "6200 tokens/s");
  assert.equal(await shownAfter(82, "native"), "6200 tokens/s");
  // Speeds are measured for each engine separately.
  assert.equal(await shownAfter(570.4, "onnxruntime"), "570 tokens/s");
  // A stored value of another form is ignored.
  kept.set("models.speeds.v1", { "": 6247 });
  assert.equal(await shownAfter(82, "native"), "82 tokens/s");
});
