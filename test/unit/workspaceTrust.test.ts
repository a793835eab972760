import assert from "node:assert/strict";
import test from "node:test";
import { settings, trust } from "../support/vscodeStandIn.js";
import { readSettings } from "../../src/extension/settings.js";

const model = { setting: "", folder: "", isMissing: false };

test("in a workspace that is not trusted nothing is indexed, whatever its settings say", () => {
  settings.set("workspaceContext", true);
  const inWorkspace = (isTrusted: boolean): boolean => {
    trust.isTrusted = isTrusted;
    return readSettings(() => model).server.workspaceContext;
  };
  assert.deepEqual([inWorkspace(false), inWorkspace(true)], [false, true]);
});
