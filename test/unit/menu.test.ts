import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { active, commandResults, commandsOfEditor, dialogs, settings } from "../support/vscodeStandIn.js";
import { FakeEditor } from "../support/fakeEditor.js";
import { selectConfidence } from "../../src/extension/confidence.js";
import { showMenu, type MenuFacts } from "../../src/extension/menu.js";
import { Snooze } from "../../src/extension/snooze.js";
import { defaultSettings } from "../../src/shared/protocol.js";

beforeEach(() => {
  dialogs.reset();
  commandsOfEditor.length = 0;
});

function factsWith(automatic: boolean): MenuFacts {
  const server = { ...defaultSettings, automatic, confidence: "eager" };
  const model = { kind: "ready", model: "World 0.1B" };
  const settings = { enable: defaultSettings.enable, server };
  return {
    settings,
    counts: { accepted: 1, shown: 2 },
    snooze: new Snooze(),
    document: active.editor?.document,
    model,
    status: model,
    embedded: "/e/models/default",
  } as unknown as MenuFacts; // only these members are used
}

test("the menu shows the confidence, the model's name, and the switches for automatic completions", async () => {
  await showMenu(factsWith(true));
  for (const line of ["Select Confidence… Eager", "Select Model… World 0.1B", "Trigger Completion"]) {
    assert.ok(dialogs.shown.includes(line), line);
  }
  assert.ok(dialogs.shown.includes("Complete Only When Triggered"));
  dialogs.reset("Complete as You Type");
  await showMenu(factsWith(false));
  assert.deepEqual(dialogs.changed, ["rwkvCode.workspaceIndexState", "rwkvCode.toggleAutomatic"]);
});

test("a failure is at the top of the menu, with what helps", async () => {
  const status = { kind: "failed", reason: "/e/models/default/model.safetensors: is gone" } as const;
  dialogs.reset("$(warning) Reinstall…");
  await showMenu({ ...factsWith(true), status });
  assert.equal(dialogs.shown[0], "$(warning) Reinstall…");
  assert.deepEqual(dialogs.changed, ["rwkvCode.workspaceIndexState", "extension.open"]);
});

test("after too many crashes, the menu offers to restart the server first", async () => {
  const status = { kind: "failed", reason: "The server crashed several times." } as const;
  dialogs.reset("$(warning) Restart Server");
  await showMenu({ ...factsWith(true), status, hasGivenUp: true });
  assert.equal(dialogs.shown[0], "$(warning) Restart Server");
  assert.deepEqual(dialogs.changed, ["rwkvCode.workspaceIndexState", "rwkvCode.restartServer"]);
});

test("a snooze is offered if the editor has the command, and can be ended until suggestions are requested again", async () => {
  const facts = factsWith(true);
  const shown = async (answer?: string): Promise<string[]> => {
    dialogs.reset(answer);
    await showMenu(facts);
    return dialogs.shown.filter((line) => line.includes("Snooze"));
  };
  assert.deepEqual(await shown(), []);
  commandsOfEditor.push("editor.action.inlineSuggest.snooze");
  const offered = "Snooze… Inline suggestions of all extensions";
  assert.deepEqual(await shown("Show Output"), [offered]);
  assert.deepEqual(await shown("Snooze…"), [offered]);
  assert.equal(dialogs.changed.at(-1), "editor.action.inlineSuggest.snooze");
  // VS Code itself shows no command to end the snooze, so the menu must.
  assert.deepEqual(await shown("End Snooze"), [offered, "End Snooze"]);
  assert.equal(dialogs.changed.at(-1), "editor.action.inlineSuggest.cancelSnooze");
  assert.deepEqual(await shown("Snooze…"), [offered]);
  assert.deepEqual(await shown("Show Output"), [offered, "End Snooze"]);
  facts.snooze.requested();
  assert.deepEqual(await shown(), [offered]);
});

test("after a choice, the editor has the focus before the command runs", async () => {
  active.editor = new FakeEditor("a║");
  dialogs.reset("Show Output");
  await showMenu(factsWith(true));
  active.editor = undefined;
  assert.deepEqual(dialogs.changed.slice(1), ["workbench.action.focusActiveEditorGroup", "rwkvCode.showOutput"]);
});

test("the current confidence is marked, and another one can be selected", async () => {
  dialogs.reset("Careful");
  await selectConfidence("eager");
  assert.deepEqual(dialogs.shown, ["", "Careful", "Balanced", "$(check) Eager", "Always"]);
  assert.deepEqual(dialogs.changed, ["confidence = careful"]);
});

test("Enter in the list of confidence levels keeps the current one; Escape changes nothing", async () => {
  dialogs.reset("Enter");
  await selectConfidence("eager");
  assert.deepEqual(dialogs.changed, ["confidence = eager"]);
  dialogs.reset();
  await selectConfidence("eager");
  assert.deepEqual(dialogs.changed, []);
});

test("the menu has these entries, from top to bottom", async () => {
  active.editor = new FakeEditor("«a»");
  commandResults.set("rwkvCode.workspaceIndexState", { files: 3, leftOut: 0, isBuilding: false });
  try {
    await showMenu(factsWith(true));
    const first = ["Completions", "Turn Completions Off", "Turn Completions Off for TypeScript"];
    const switches = [
      "Complete Only When Triggered",
      "Select Confidence… Eager",
      "Write and Ask",
      "Trigger Completion",
    ];
    assert.deepEqual(dialogs.shown.slice(0, 7), [...first, ...switches]);
    assert.deepEqual(dialogs.shown.slice(7, 10), ["Rewrite Selection…", "Explain Selection", "Generate at Cursor"]);
    const sections = ["Completions", "Write and Ask", "Models", "Workspace", "This Extension"];
    assert.deepEqual(
      dialogs.shown.filter((line) => sections.includes(line)),
      sections,
    );
    assert.ok(dialogs.shown.includes("Rebuild Workspace Index 3 files indexed"));
    assert.ok(dialogs.shown.includes("Show Statistics 1 of 2 accepted"));
    active.editor = new FakeEditor("a║", { languageId: "markdown" });
    dialogs.reset();
    await showMenu(factsWith(true));
    assert.ok(dialogs.shown.includes("Turn Completions On for markdown"));
    assert.equal(dialogs.shown.includes("Explain Selection"), false);
  } finally {
    active.editor = undefined;
    commandResults.clear();
  }
});

test("if the editor shows no ghost text, the menu says so and opens the setting", async () => {
  settings.set("editor.inlineSuggest.enabled", false);
  try {
    const text = "Inline suggestions are turned off by the setting editor.inlineSuggest.enabled.";
    dialogs.reset(text);
    await showMenu(factsWith(true));
    assert.equal(dialogs.shown[1], text);
    assert.deepEqual(dialogs.changed.slice(1), ["workbench.action.openSettings"]);
  } finally {
    settings.clear();
  }
});
