import { dialogs, settings, trust } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import {
  affectsIndex,
  changedSettings,
  isGhostTextOn,
  opensWalkthroughs,
  readSettings,
  setAutomatic,
  setModel,
  toggleLanguage,
  type Settings,
} from "../../src/extension/settings.js";
import type { NamedModel } from "../../src/extension/models/namedModel.js";
import { defaultSettings } from "../../src/shared/protocol.js";

const modelOf = (setting: string): NamedModel => ({
  setting,
  folder: `/models/${setting}`,
  isMissing: setting === "gone",
}); // only these members are used
const read = (): Settings => readSettings(modelOf);

beforeEach(() => {
  settings.clear();
  trust.isTrusted = true;
  dialogs.changed.length = 0;
});

const values: readonly (readonly [string, unknown, (read: Settings) => unknown, unknown])[] = [
  ["delayMs", undefined, ({ delayMs }) => delayMs, 0],
  ["delayMs", "100", ({ delayMs }) => delayMs, 0],
  ["delayMs", 100.4, ({ delayMs }) => delayMs, 100],
  ["delayMs", -1, ({ delayMs }) => delayMs, 0],
  ["delayMs", 5000, ({ delayMs }) => delayMs, 5000],
  ["delayMs", 5001, ({ delayMs }) => delayMs, 5000],
  ["generateMaxLines", undefined, ({ generateMaxLines }) => generateMaxLines, 40],
  ["generateMaxLines", "9", ({ generateMaxLines }) => generateMaxLines, 40],
  ["generateMaxLines", 0, ({ generateMaxLines }) => generateMaxLines, 1],
  ["generateMaxLines", 1, ({ generateMaxLines }) => generateMaxLines, 1],
  ["generateMaxLines", 77.6, ({ generateMaxLines }) => generateMaxLines, 78],
  ["generateMaxLines", 500, ({ generateMaxLines }) => generateMaxLines, 500],
  ["generateMaxLines", 501, ({ generateMaxLines }) => generateMaxLines, 500],
  ["chatSystemPrompt", undefined, ({ chatSystem }) => chatSystem, ""],
  ["chatSystemPrompt", 5, ({ chatSystem }) => chatSystem, ""],
  ["chatSystemPrompt", "Be brief.", ({ chatSystem }) => chatSystem, "Be brief."],
  ["downloadSource", undefined, ({ downloadSource }) => downloadSource, "auto"],
  ["downloadSource", "modelscope", ({ downloadSource }) => downloadSource, "modelscope"],
  ["model", undefined, ({ model }) => model.setting, ""],
  ["model", 7, ({ model }) => model.setting, ""],
  ["model", "mine", ({ server }) => server.modelPath, "/models/mine"],
  ["model", "gone", ({ server }) => server.modelPath, defaultSettings.modelPath],
  ["timeBudgetMs", 700, ({ server }) => server.timeBudgetMs, 700],
  ["timeBudgetMs", 699, ({ server }) => server.timeBudgetMs, 699],
  ["timeBudgetMs", 9000, ({ server }) => server.timeBudgetMs, 700],
  ["exclude", ["**/*.key"], ({ isExcluded }) => ["/a.key", "/a.ts"].map((path) => isExcluded(path, path)), [true, false]],
  ["workspaceContext", true, ({ server }) => server.workspaceContext, true],
  ["workspaceContext", false, ({ server }) => server.workspaceContext, false],
  ["checkpointDiskMB", 77, ({ server }) => server.checkpointDiskMB, 77],
  ["files.exclude", { "**/a": true, "**/b": false, "**/c": { when: "$(basename).ts" } }, ({ server }) => server.workspaceExclude, ["**/a", "**/c"]],
  ["search.exclude", { "**/d": true }, ({ server }) => server.workspaceExclude, ["**/d"]],
  ["search.exclude", null, ({ server }) => server.workspaceExclude, []],
  ["search.exclude", "**/d", ({ server }) => server.workspaceExclude, []],
]; // prettier-ignore

for (const [name, value, part, expected] of values) {
  test(`the setting ${name} as ${JSON.stringify(value)} is read as ${JSON.stringify(expected)}`, () => {
    settings.set(name, value);
    assert.deepEqual(part(read()), expected);
  });
}

test("in a workspace that is not trusted, other files are not read and nothing is stored", () => {
  settings.set("workspaceContext", true).set("checkpointDiskMB", 77);
  trust.isTrusted = false;
  const { workspaceContext, checkpointDiskMB } = read().server;
  assert.deepEqual([workspaceContext, checkpointDiskMB], [false, 0]);
});

test("only `false` turns ghost text and walkthroughs off", () => {
  for (const [value, expected] of [
    [undefined, true],
    [true, true],
    [false, false],
  ] as const) {
    // prettier-ignore
    settings.set("editor.inlineSuggest.enabled", value).set("workbench.welcomePage.walkthroughs.openOnInstall", value);
    assert.deepEqual([isGhostTextOn(undefined), opensWalkthroughs()], [expected, expected]);
  }
});

test("the index depends on the files that VS Code hides", () => {
  const affected = ["files.exclude", "search.exclude", "files.eol"].map((changed) =>
    affectsIndex({ affectsConfiguration: (name) => name === changed }),
  );
  assert.deepEqual(affected, [true, true, false]);
});

test("settings are changed by their names, and the embedded model is no value", async () => {
  await setAutomatic(false);
  await setModel("mine");
  await setModel("");
  await toggleLanguage("go");
  assert.deepEqual(dialogs.changed, [
    "automatic = false",
    "model = mine",
    "model = undefined",
    "enable = [object Object]",
  ]);
});

test("free text and long values are not shown, only the fact that they are set", () => {
  const schemas = {
    "a.default": { type: "boolean" },
    "a.flag": { type: "boolean" },
    "a.count": { type: "integer" },
    "a.share": { type: "number" },
    "a.choice": { type: "string", enum: ["x", "y"] },
    "a.path": { type: "string" },
    "a.list": { type: "array" },
    "a.unknown": {},
    "a.long": { enum: [] },
    "a.longest": { enum: [] },
  };
  const given = { "a.default": null, "a.flag": true, "a.count": 3, "a.share": 0.5, "a.choice": "x", "a.path": "/home/me", "a.list": [1], "a.unknown": "u", "a.long": "l".repeat(38), "a.longest": "l".repeat(37) }; // prettier-ignore
  for (const [name, value] of Object.entries(given)) settings.set(name, value);
  assert.deepEqual(changedSettings(schemas, []), [
    ["a.flag", "true"], ["a.count", "3"], ["a.share", "0.5"], ["a.choice", '"x"'], ["a.path", "set"], ["a.list", "set"],
    ["a.unknown", "set"], ["a.long", "set"], ["a.longest", `"${"l".repeat(37)}"`],
  ]); // prettier-ignore
});
