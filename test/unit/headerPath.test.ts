import assert from "node:assert/strict";
import test from "node:test";
import { headerPath } from "../../src/core/tokens/headerPath.js";

const folders = ["file:///home/me/project"];

test("the header names the last two parts of the path in the workspace", () => {
  assert.equal(headerPath("file:///home/me/project/src/deep/er/a.ts", "typescript", folders), "er/a.ts");
  assert.equal(headerPath("file:///home/me/project/a.ts", "typescript", folders), "a.ts");
  assert.equal(headerPath("file:///elsewhere/x/a.ts", "typescript", folders), "x/a.ts");
  assert.equal(headerPath("file:///home/me/project2/a.ts", "typescript", folders), "project2/a.ts");
});

test("# and ? belong to the name of a file, but in other URIs a query does not belong to the path", () => {
  assert.equal(headerPath("file:///home/me/project/a#b?c.ts", "typescript", folders), "a#b?c.ts");
  assert.equal(headerPath("vscode-remote://host/w/a.ts?b#c", "typescript", []), "w/a.ts");
  assert.equal(headerPath("src/deep/a.ts", "typescript", []), "deep/a.ts");
});

test("percent encoding is decoded, and malformed encoding is kept", () => {
  assert.equal(headerPath("file:///home/me/project/my%20file.ts", "typescript", folders), "my file.ts");
  assert.equal(headerPath("file:///home/me/project/100%.ts", "typescript", folders), "100%.ts");
});

test("a document without a path is named by its language", () => {
  assert.equal(headerPath("untitled:Untitled-1", "python", folders), "untitled.py");
  assert.equal(headerPath("untitled:Untitled-1", "go", []), "untitled.go");
  for (const name of ["constructor", "__proto__", "toString"]) {
    assert.equal(headerPath("untitled:Untitled-1", name, []), `untitled.${name}`);
  }
});

test("a notebook cell is named by the notebook and the cell's language", () => {
  assert.equal(headerPath("vscode-notebook-cell:/home/me/project/n/b.ipynb#W0", "python", folders), "n/b.py");
});
