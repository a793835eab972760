import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { commandsOfEditor, dialogs } from "../support/vscodeStandIn.js";
import { selectConfidence } from "../../src/extension/confidence.js";
import { ineligibilityText } from "../../src/extension/ineligibilityText.js";
import { showMenu, type MenuFacts } from "../../src/extension/menu.js";
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
    model,
    status: model,
    embedded: "/e/models/default",
  } as unknown as MenuFacts; // has the members that are used
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

test("a failure is on top of the menu, with what helps", async () => {
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

test("the editor's snooze command is used if it exists", async () => {
  await showMenu(factsWith(true));
  assert.equal(dialogs.shown.join().includes("Snooze"), false);
  commandsOfEditor.push("editor.action.inlineSuggest.snooze");
  dialogs.reset("Snooze…");
  await showMenu(factsWith(true));
  assert.deepEqual(dialogs.changed, ["rwkvCode.workspaceIndexState", "editor.action.inlineSuggest.snooze"]);
});

test("the current confidence is marked, and another one can be selected", async () => {
  dialogs.reset("Careful");
  await selectConfidence("eager");
  assert.deepEqual(dialogs.shown, ["Careful", "Balanced", "$(check) Eager", "Always"]);
  assert.deepEqual(dialogs.changed, ["confidence = careful"]);
});

test("off for all languages has a text of its own", () => {
  assert.equal(ineligibilityText("allOff"), "Completions are off for all languages.");
  assert.equal(ineligibilityText("languageOff"), "Completions are off for this language.");
});
