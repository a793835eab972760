import { fire, listenerCount } from "../support/editorEvents.js";
import { fileUri, notebooks as open } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test from "node:test";
import { Notebooks } from "../../src/extension/notebooks.js";

const [markup, code] = [1, 2];

/** A notebook with one cell of each of these kinds. */
function notebook(name: string, ...kinds: readonly number[]) {
  const cells = kinds.map((kind, i) => ({ kind, document: { uri: fileUri(`/${name}#${i}`) } }));
  return { uri: fileUri(`/${name}`), getCells: () => cells };
}

test("the code cells of a notebook are sent when it is opened, changed and closed, and when the server starts", () => {
  const sent: unknown[] = [];
  const before = listenerCount();
  const notebooks = new Notebooks(
    async (_, params) => void sent.push(params),
    () => assert.fail(),
  );
  const last = (): unknown => sent.splice(0);
  const one = notebook("a", code, markup, code);
  const cells = ["file:///a#0", "file:///a#2"];
  fire("onDidOpenNotebookDocument", one);
  assert.deepEqual(last(), [{ notebook: "file:///a", cells }]);
  fire("onDidChangeNotebookDocument", { notebook: one, contentChanges: [] });
  assert.deepEqual(last(), [], "only outputs have changed");
  fire("onDidChangeNotebookDocument", { notebook: one, contentChanges: [{}] });
  assert.deepEqual(last(), [{ notebook: "file:///a", cells }]);
  fire("onDidCloseNotebookDocument", one);
  assert.deepEqual(last(), [{ notebook: "file:///a", cells: [] }]);
  open.push(one, notebook("b", code));
  notebooks.sendAll();
  assert.deepEqual(last(), [{ notebook: "file:///a", cells }, { notebook: "file:///b", cells: ["file:///b#0"] }]); // prettier-ignore
  open.length = 0;
  notebooks.dispose();
  assert.equal(listenerCount(), before);
});

test("a notification that cannot be sent is reported", async () => {
  const errors: unknown[] = [];
  const error = new Error("the server has stopped");
  const notebooks = new Notebooks(
    () => Promise.reject(error),
    (reported) => errors.push(reported),
  );
  fire("onDidOpenNotebookDocument", notebook("a"));
  await new Promise(setImmediate);
  assert.deepEqual(errors, [error]);
  notebooks.dispose();
});
