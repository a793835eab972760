import assert from "node:assert/strict";
import test from "node:test";
import { RecentDocuments } from "../../src/core/completion/recentDocuments.js";
import { headerPath } from "../../src/server/headerPath.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testRoom } from "../support/room.js";

test("neighbours are the other documents of the language, the last used first; closed ones are none", () => {
  const room = testRoom(new FakeModel({ knows: "" }));
  const open = (path: string) => openSession(room, path, { path });
  const [a, b, view, style, old] = ["a.ts", "b.mts", "view.tsx", "style.css", "old.ts"].map(open);
  const recent = new RecentDocuments();
  for (const session of [old, style, b, view, a, a]) recent.used(session!);
  const of = () => recent.neighboursOf(a!).map(({ text }) => Buffer.from(text.bytes).toString().split("\n")[1]);
  assert.deepEqual(of(), ["view.tsx", "b.mts", "old.ts"]);
  recent.used(old!);
  recent.closed(view!);
  assert.deepEqual(of(), ["old.ts", "b.mts"]);
  assert.deepEqual(recent.neighboursOf(style!), []);
});

for (const [what, first, second, areNeighbours] of [
  ["cells of a notebook", ["n/b.ipynb#W0", "python"], ["n/b.ipynb#W1", "python"], true],
  ["cells of a notebook in two languages", ["n/b.ipynb#W0", "python"], ["n/b.ipynb#W1", "markdown"], false],
  ["a cell and a file", ["n/b.ipynb#W0", "python"], ["n/a.py", "python"], true],
  ["untitled documents of one language", ["untitled:Untitled-1", "go"], ["untitled:Untitled-2", "go"], true],
  ["untitled documents of two languages", ["untitled:Untitled-1", "go"], ["untitled:Untitled-2", "rust"], false],
] as const) {
  test(`${what} are ${areNeighbours ? "" : "no "}neighbours`, () => {
    const room = testRoom(new FakeModel());
    const recent = new RecentDocuments();
    const [session] = [first, second].map(([name, languageId]) => {
      const scheme = name.includes("#") ? "vscode-notebook-cell:/" : "file:///";
      const uri = name.startsWith("untitled") ? name : scheme + name;
      const opened = openSession(room, "", { path: headerPath(uri, languageId, []), uri });
      recent.used(opened);
      return opened;
    });
    assert.equal(recent.neighboursOf(session!).length, areNeighbours ? 1 : 0);
  });
}
