import assert from "node:assert/strict";
import test from "node:test";
import { RecentDocuments } from "../../src/core/engine/recentDocuments.js";
import { headerPath } from "../../src/core/tokens/headerPath.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testInference } from "../support/testInference.js";

test("neighbors are the other open documents of the language, most recently used first", () => {
  const inference = testInference(new FakeModel({ knows: "" }));
  const open = (path: string) => openSession(inference, path, { path });
  const [a, b, view, style, old] = ["a.ts", "b.mts", "view.tsx", "style.css", "old.ts"].map(open);
  const recent = new RecentDocuments();
  for (const session of [old, style, b, view, a, a]) recent.touch(session!);
  const of = () => recent.neighborsOf(a!).map(({ text }) => Buffer.from(text.bytes).toString().split("\n")[1]);
  assert.deepEqual(of(), ["view.tsx", "b.mts", "old.ts"]);
  recent.touch(old!);
  recent.closed(view!);
  assert.deepEqual(of(), ["old.ts", "b.mts"]);
  assert.deepEqual(recent.neighborsOf(style!), []);
});

test("a request is likelier in a document the more recently it was used", () => {
  const inference = testInference(new FakeModel());
  const recent = new RecentDocuments();
  const sessions = ["a.ts", "b.ts", "c.ts"].map((path) => openSession(inference, path, { path }));
  assert.equal(recent.weightOf(sessions[0]!), 1);
  for (const session of sessions.slice(0, 2)) recent.touch(session);
  const weights = sessions.map((session) => recent.weightOf(session));
  assert.deepEqual(weights, [1 / Math.sqrt(2), 1, 1 / Math.sqrt(3)]);
});

test("there are at most four neighbors, and none is a document of the preamble", () => {
  const inference = testInference(new FakeModel());
  const recent = new RecentDocuments();
  const sessions = ["a", "b", "c", "d", "e", "f"].map((name) => openSession(inference, name, { path: `${name}.py` }));
  for (const session of sessions) recent.touch(session);
  const [session, second] = sessions;
  const names = () => recent.neighborsOf(session!).map(({ uri }) => uri.slice("file:///".length, -".py".length));
  assert.deepEqual(names(), ["f", "e", "d", "c"]);
  session!.setPreamble({ text: "b\n", uris: new Set([second!.document.uri, sessions[5]!.document.uri]) });
  assert.deepEqual(names(), ["e", "d", "c"]);
});

test("open documents are neighbors if the workspace index counts them as one language family", () => {
  const inference = testInference(new FakeModel({ knows: "" }));
  const recent = new RecentDocuments();
  const names = ["a.ts", "b.js", "c.vue", "d.h", "e.cpp", "f.py", "g.pyi", "h.go"];
  const sessions = names.map((name) => openSession(inference, name, { path: name }));
  for (const session of sessions) recent.touch(session);
  const neighbors = sessions.map((one) => recent.neighborsOf(one).map(({ uri }) => uri.slice("file:///".length)));
  assert.deepEqual(neighbors, [
    ["c.vue", "b.js"],
    ["c.vue", "a.ts"],
    ["b.js", "a.ts"],
    ["e.cpp"],
    ["d.h"],
    ["g.pyi"],
    ["f.py"],
    [],
  ]);
});

for (const [what, first, second, areNeighbors] of [
  ["cells of a notebook", ["n/b.ipynb#W0", "python"], ["n/b.ipynb#W1", "python"], true],
  ["cells of a notebook in two languages", ["n/b.ipynb#W0", "python"], ["n/b.ipynb#W1", "markdown"], false],
  ["a cell and a file", ["n/b.ipynb#W0", "python"], ["n/a.py", "python"], true],
  ["untitled documents of one language", ["untitled:Untitled-1", "go"], ["untitled:Untitled-2", "go"], true],
  ["untitled documents of two languages", ["untitled:Untitled-1", "go"], ["untitled:Untitled-2", "rust"], false],
] as const) {
  test(`${what} are ${areNeighbors ? "" : "no "}neighbors`, () => {
    const inference = testInference(new FakeModel());
    const recent = new RecentDocuments();
    const [session] = [first, second].map(([name, languageId]) => {
      const scheme = name.includes("#") ? "vscode-notebook-cell:/" : "file:///";
      const uri = name.startsWith("untitled") ? name : scheme + name;
      const opened = openSession(inference, "", { path: headerPath(uri, languageId, []), uri });
      recent.touch(opened);
      return opened;
    });
    assert.equal(recent.neighborsOf(session!).length, areNeighbors ? 1 : 0);
  });
}
