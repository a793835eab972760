import assert from "node:assert/strict";
import test from "node:test";
import { RecentDocuments } from "../../src/core/completion/recentDocuments.js";
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
