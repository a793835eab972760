import assert from "node:assert/strict";
import test, { afterEach, beforeEach } from "node:test";
import { fileUri, folders } from "../support/vscodeStandIn.js";
import { isExcludedFile } from "../../src/extension/excludedFiles.js";
import { workspacePath } from "../../src/extension/workspacePath.js";
import { exclusionOf } from "../../src/shared/exclusion.js";

beforeEach(() => {
  folders.push("/home/me/project");
});
afterEach(() => {
  folders.length = 0;
});

for (const [name, scheme, expected] of [
  ["/home/me/project/src/a.ts", "file", "src/a.ts"],
  ["/home/me/project/secret/a.ipynb", "vscode-notebook-cell", "secret/a.ipynb"],
  ["/home/me/project/secret/a.ts", "git", "secret/a.ts"],
  ["/home/me/project-2/a.ipynb", "vscode-notebook-cell", "/home/me/project-2/a.ipynb"],
  ["Untitled-1", "untitled", "Untitled-1"],
] as const) {
  test(`the path in the workspace of ${scheme}:${name}`, () => {
    assert.equal(workspacePath(fileUri(name, scheme)), expected);
  });
}

test("a folder that is excluded by its path in the workspace is excluded whatever the scheme", () => {
  const { isExcluded } = exclusionOf(["secret/**"]);
  for (const scheme of ["file", "vscode-notebook-cell", "git"])
    assert.equal(isExcludedFile({ isExcluded }, fileUri("/home/me/project/secret/a.ipynb", scheme)), true, scheme);
  assert.equal(isExcludedFile({ isExcluded }, fileUri("/home/me/project/src/a.ipynb", "git")), false);
});
