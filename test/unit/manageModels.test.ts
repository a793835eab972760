import { dialogs } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import test, { beforeEach } from "node:test";
import type { InspectLine } from "../../src/shared/cliOutput.js";
import { Aborted } from "../../src/extension/models/commandLine.js";
import type { KnownModel } from "../../src/extension/models/knownModels.js";
import { manageModels, type ManageParts } from "../../src/extension/models/manageModels.js";
import type { ModelLibrary } from "../../src/extension/models/modelLibrary.js";
import { selectModel } from "../../src/extension/models/selectModel.js";
import { inTemporaryFolder } from "../support/temporary.js";

const models: readonly KnownModel[] = [
  { kind: "embedded", folder: "/ext/default", setting: "", isCurrent: false },
  { kind: "imported", folder: "/models/mine", setting: "mine", isCurrent: true },
];
/** The models that were forgotten and the cards that were shown, in order. */
const happened: string[] = [];

beforeEach(() => {
  happened.length = 0;
  dialogs.reset();
});

function parts(all: readonly KnownModel[] = models, inspect?: () => Promise<InspectLine>): ManageParts {
  const library = {
    importedFolder: "/models",
    all: async () => all,
    facts: async () => ({ kind: "unreadable", reason: "not read" }),
    settingOf: (folder: string) => path.basename(folder),
    forget: async ({ folder }: KnownModel) => happened.push(`forgot ${path.basename(folder)}`),
  };
  const cards = { show: async ({ folder }: KnownModel) => happened.push(`card of ${folder}`) };
  const hashes = { sha256: { "model.safetensors": "a", "vocab.txt": "b" } } as unknown as InspectLine;
  const commandLine = { inspect: inspect ?? (async () => hashes) };
  return { library, cards, commandLine } as unknown as ManageParts; // only these members are used
}

const library = (): ModelLibrary => parts().library;
const commands = ["Get a Model…", "Import Model from File…", "Manage Models…"];

test("the model in use is listed first, then the other models and further actions", async () => {
  assert.equal(await selectModel(library()), false);
  assert.deepEqual(
    dialogs.shown.map((line) => line.replace(/^\$\([\w-]+\) /, "")),
    ["mine in use", "default embedded", "", ...commands],
  );
});

const selections: readonly (readonly [string, boolean, readonly string[]])[] = [
  ["$(blank) default", true, ["model = undefined"]],
  ["$(check) mine", true, ["model = mine"]],
  ["$(cloud-download) Get a Model…", false, ["rwkvCode.getModel"]],
  ["$(add) Import Model from File…", false, ["rwkvCode.importModel"]],
  ["$(settings-gear) Manage Models…", false, ["rwkvCode.manageModels"]],
  ["nothing of the list", false, []],
];

for (const [answer, isSelected, changed] of selections) {
  test(`picking ${answer} ${isSelected ? "selects the model" : "selects no model"}`, async () => {
    dialogs.reset(answer);
    assert.equal(await selectModel(library()), isSelected);
    assert.deepEqual(dialogs.changed, changed);
  });
}

for (const [given, question, changed] of [
  ["", /^RWKV Code: Use the embedded model\?/, "model = undefined"],
  ["mine", /^RWKV Code: Use the model in .models.mine\?/, "model = mine"],
] as const) {
  test(`the model ${JSON.stringify(given)} that a command names is used only if the user agrees`, async () => {
    assert.equal(await selectModel(library(), given), false);
    assert.match(dialogs.shown[0]!, question);
    assert.deepEqual(dialogs.changed, []);
    dialogs.reset("Use It");
    assert.equal(await selectModel(library(), given), true);
    assert.deepEqual(dialogs.changed, [changed]);
  });
}

test("only an imported model can be removed", async () => {
  const actionsOf = async (label: string): Promise<readonly string[]> => {
    dialogs.reset("nothing of the list");
    dialogs.answers = [label];
    await manageModels(parts());
    return dialogs.shown.slice(2).map((line) => line.replace(/^\$\([\w-]+\) /, ""));
  };
  assert.deepEqual(await actionsOf("$(blank) default"), ["Show Card", "Verify", "Reveal in File Manager"]);
  assert.deepEqual(await actionsOf("$(check) mine"), ["Show Card", "Verify", "Reveal in File Manager", "Remove"]);
  assert.deepEqual(await actionsOf("nothing of the list"), []);
});

test("the card is shown, the folder revealed, and the verified files are named", async () => {
  for (const action of ["$(book) Show Card", "$(folder-opened) Reveal in File Manager", "$(verified) Verify"]) {
    dialogs.answers = ["$(check) mine", action];
    await manageModels(parts());
  }
  assert.deepEqual([happened, dialogs.changed], [["card of /models/mine"], ["revealFileInOS"]]);
  assert.deepEqual(dialogs.shown.slice(-2), ["Verifying /models/mine", "RWKV Code: Verified: model.safetensors, vocab.txt"]); // prettier-ignore
});

test("a verification that the user cancels says nothing, and one that fails is an error", async () => {
  const verify = { folder: "/models/mine", action: "verify" } as const;
  dialogs.reset("Verify");
  await manageModels(
    parts(models, () => Promise.reject(new Aborted("cancelled"))),
    verify,
  );
  assert.equal(dialogs.shown.at(-1), "Verifying /models/mine");
  await assert.rejects(
    manageModels(
      parts(models, () => Promise.reject(new Error("bad hash"))),
      verify,
    ),
    /bad hash/,
  );
});

/**
 * Lets the user remove a model, and answer the question about it.
 * @param check is told whether the model's folder still exists.
 */
function removing(isCurrent: boolean, answer: string | undefined, check: (isThere: boolean) => void): Promise<void> {
  return inTemporaryFolder(async (parent) => {
    const folder = path.join(parent, "mine");
    mkdirSync(folder);
    dialogs.reset(answer);
    dialogs.answers = [`$(${isCurrent ? "check" : "blank"}) mine`, "$(trash) Remove"];
    await manageModels(parts([{ kind: "imported", folder, setting: "mine", isCurrent }]));
    check(existsSync(folder));
  });
}

test("a model is removed after a question, and the embedded one takes the place of the one in use", async () => {
  await removing(false, undefined, (isThere) => {
    assert.deepEqual([isThere, happened, dialogs.changed], [true, [], []]);
    assert.deepEqual(dialogs.shown.slice(-2), ["Remove the model mine?", "It goes to the trash, or is deleted if there is none."]); // prettier-ignore
  });
  await removing(false, "Remove", (isThere) => {
    assert.deepEqual([isThere, happened.splice(0), dialogs.changed], [false, ["forgot mine"], []]);
  });
  await removing(true, "Remove", (isThere) => {
    assert.deepEqual([isThere, happened, dialogs.changed], [false, ["forgot mine"], ["model = undefined"]]);
    assert.match(dialogs.shown.at(-1)!, /It is in use: the model of the extension takes its place\.$/);
  });
});

const requests: readonly (readonly [string, RegExp, string])[] = [
  ["card", /Show the card of the model in \/models\/mine\?/, "Show Card"],
  ["reveal", /Reveal \/models\/mine in the file manager\?/, "Reveal in File Manager"],
];

for (const [action, question, yes] of requests) {
  test(`a command's request to ${action} needs the user's agreement`, async () => {
    const request = { folder: "/models/mine/", action: action as "card" };
    await manageModels(parts(), request);
    assert.match(dialogs.shown[0]!, question);
    assert.deepEqual([happened, dialogs.changed], [[], []]);
    dialogs.reset(yes);
    await manageModels(parts(), request);
    assert.equal(happened.length + dialogs.changed.length, 1);
  });
}

test("a command's request to remove needs the user's agreement", () =>
  inTemporaryFolder(async (parent) => {
    const folder = path.join(parent, "mine");
    mkdirSync(folder);
    const models = parts([{ kind: "imported", folder, setting: "mine", isCurrent: false }]);
    await manageModels(models, { folder, action: "remove" });
    assert.match(dialogs.shown[0]!, /Remove the model in .*mine\?/);
    assert.deepEqual([existsSync(folder), happened], [true, []]);
    dialogs.reset("Remove");
    await manageModels(models, { folder, action: "remove" });
    assert.deepEqual([existsSync(folder), happened], [false, ["forgot mine"]]);
  }));

test("a model that is not known, or not imported, is not removed at the request of a command", async () => {
  dialogs.reset("Remove");
  await assert.rejects(
    manageModels(parts(), { folder: "/models/other", action: "remove" }),
    /is no model that is known/,
  );
  await assert.rejects(manageModels(parts(), { folder: "/ext/default", action: "remove" }), /is no imported model/);
  assert.deepEqual([happened, dialogs.changed], [[], []]);
});
