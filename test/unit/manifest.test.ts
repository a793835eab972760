import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { settingGroups, settingSchemas } from "../support/manifest.js";

interface Manifest {
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly menus: Record<string, readonly { readonly command?: string; readonly when: string }[]>;
  };
}
const { capabilities, contributes } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const settings = settingSchemas;
const ofScope = (scope: string): string[] => Object.keys(settings).filter((name) => settings[name]!.scope === scope);

// Settings of this machine have the scope "application", not "machine". In a remote window, VS Code reads settings of
// the scope "machine" only from the remote machine, but the extension runs on the local one.
test("settings of this machine cannot be set by a workspace, by Settings Sync or by a remote machine", () => {
  const names = [
    "backgroundReading",
    "checkpointDiskMB",
    "checkpointMemoryMB",
    "downloadSource",
    "engine",
    "idleUnloadMinutes",
    "model",
    "threads",
  ];
  assert.deepEqual(
    ofScope("application").sort(),
    names.map((name) => `rwkvCode.${name}`),
  );
  const unsynced = Object.keys(settings).filter((name) => settings[name]!.ignoreSync === true);
  assert.deepEqual(unsynced.sort(), ofScope("application").sort());
  assert.deepEqual(Object.keys(settings).length, ofScope("application").length + ofScope("window").length);
});

test("an untrusted workspace can set neither exclusions nor the system prompt", () => {
  const { restrictedConfigurations } = capabilities.untrustedWorkspaces;
  assert.deepEqual(restrictedConfigurations, ["rwkvCode.exclude", "rwkvCode.chatSystemPrompt"]);
  // A trusted workspace can set them.
  for (const name of restrictedConfigurations) assert.equal(settings[name]!.scope, "window");
});

test("the settings are in groups, the two most important ones first", () => {
  assert.deepEqual(Object.keys(settingGroups[0]!.properties), ["rwkvCode.confidence", "rwkvCode.model"]);
  assert.ok(settingGroups.length >= 3 && settingGroups.every(({ title }) => /^%settings\.group\.\w+%$/.test(title)));
  const orders = settingGroups.flatMap((group) => Object.values(group.properties).map(({ order }) => order));
  assert.deepEqual(orders, orders.map((_, at) => at + 1)); // prettier-ignore
});

test("the settings page names the confidence levels as the list of levels does, in both languages", () => {
  const texts = (file: string): Record<string, string> =>
    JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  const level = settings["rwkvCode.confidence"] as unknown as {
    readonly enum: string[];
    readonly enumItemLabels: string[];
  };
  const keys = level.enumItemLabels.map((label) => label.slice(1, -1));
  const labels = keys.map((key) => texts("package.nls.json")[key]!);
  assert.deepEqual(
    labels.map((label) => label.toLowerCase()),
    level.enum,
  );
  const chinese = texts("l10n/bundle.l10n.zh-cn.json");
  assert.deepEqual(
    keys.map((key) => texts("package.nls.zh-cn.json")[key]),
    labels.map((label) => chinese[label]),
  );
});

test("the README's table contains each setting once", () => {
  const rows = [...readFileSync("README.md", "utf8").matchAll(/^\| `(rwkvCode\.[\w.]+)` \|/gm)].map(
    ([, name]) => name!,
  );
  assert.deepEqual(rows.sort(), Object.keys(settings).sort());
});

/** The entries that a menu offers in an editor: commands, or "submenu". */
function offered(menu: string, editor: { readonly isReadonly: boolean; readonly hasSelection: boolean }): string[] {
  const values: Record<string, boolean> = {
    editorReadonly: editor.isReadonly,
    editorHasSelection: editor.hasSelection,
  };
  const holds = (term: string): boolean => (term.startsWith("!") ? !values[term.slice(1)] : values[term]!);
  const isOffered = (when: string): boolean =>
    when.split(" || ").some((all) => all.split(" && ").every((term) => holds(term)));
  return contributes.menus[menu]!.filter(({ when }) => isOffered(when)).map(
    ({ command }) => command?.replace("rwkvCode.", "") ?? "submenu",
  );
}

for (const [isReadonly, hasSelection, commands] of [
  [false, true, ["rewriteSelection", "explainSelection", "attachToChat", "document", "writeTests"]],
  [false, false, ["generateAtCursor", "generateFromInstruction", "showAlternatives"]],
  [true, true, ["explainSelection", "attachToChat", "writeTests"]],
  [true, false, []],
] as const) {
  const context = `${isReadonly ? "read-only" : "an editable document"}, ${hasSelection ? "a" : "no"} selection`;
  test(`the editor's menu offers the possible commands: ${context}`, () => {
    const editor = { isReadonly, hasSelection };
    assert.deepEqual(offered("rwkvCode.editor", editor), commands);
    assert.equal(offered("editor/context", editor).length, commands.length > 0 ? 1 : 0);
  });
}
