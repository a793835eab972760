import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import {
  dialogs,
  editorsByUri,
  registrations,
  shownDocuments,
  shownWith,
  TabInputText,
} from "../support/vscodeStandIn.js";
import { FakeEditor, type EditorOptions } from "../support/fakeEditor.js";
import { AlternativesPicker } from "../../src/extension/alternativesPicker.js";
import type { CompletionClient } from "../../src/extension/completionClient.js";
import type { ProposedDocuments } from "../../src/extension/proposedDocuments.js";
import type { Alternative } from "../../src/shared/protocol.js";
import { FakeUri } from "../support/fakeUri.js";

beforeEach(() => {
  editorsByUri.clear();
  shownDocuments.length = shownWith.length = 0;
});

interface Listed extends EditorOptions {
  /** The label that the user picks. */
  readonly answer?: string;
  /** Called while the alternatives are computed. */
  readonly meanwhile?: (editor: FakeEditor) => unknown;
  /** Number of UTF-16 code units after the cursor that each alternative replaces. */
  readonly replaced?: number;
  /** The visible tabs, the active one first. */
  readonly tabs?: typeof dialogs.tabs;
  /** The URI scheme of the previews. */
  readonly scheme?: string;
}

/** Shows the picker for `texts` at the cursor of `marked`. The user picks `options.answer`, if it is given. */
async function listed(marked: string, texts: readonly string[], options: Listed = {}) {
  const { answer, meanwhile, replaced = 0, tabs = [], scheme } = options;
  const editor = new FakeEditor(marked, options);
  const { active: start } = editor.selection;
  editorsByUri.set(String(editor.document.uri), editor);
  const previews: FakeEditor[] = [];
  const closed: string[] = [];
  const client = {
    startFor: async () => undefined,
    alternatives: async (): Promise<readonly Alternative[]> => {
      await meanwhile?.(editor);
      return texts.map((text) => ({ text, range: { start, end: start.translate(0, replaced) } }));
    },
  } as unknown as CompletionClient; // only these members are used
  const proposed = {
    create: (_: unknown, text: string) => {
      const preview = new FakeEditor(text, { ...options, name: `proposed-${previews.length}` });
      previews.push(preview);
      const uri = preview.document.uri.with(scheme === undefined ? {} : { scheme });
      for (const one of [uri, preview.document.uri]) editorsByUri.set(String(one), preview);
      return uri;
    },
    close: async (uri: { readonly path: string }) => void closed.push(uri.path),
  } as unknown as ProposedDocuments; // only these members are used
  dialogs.reset(answer);
  dialogs.tabs = tabs;
  const picker = new AlternativesPicker(client, proposed);
  await picker.show(editor.asEditor);
  assert.equal(dialogs.openLists, 0);
  picker.dispose();
  assert.equal(registrations.open, 0);
  return { editor, previews, closed };
}

test("the picked alternative is inserted as one edit, with the cursor after it", async () => {
  const { editor, previews, closed } = await listed("let a = ║;\n", ["1", "b + 2"], { answer: "let a = b + 2" });
  assert.equal(editor.marked, "let a = b + 2║;\n");
  assert.equal(editor.edits.length, 1);
  assert.deepEqual(editor.revealed?.start, editor.selection.active);
  assert.deepEqual(
    previews.map(({ document }) => document.getText()),
    ["let a = 1;\n", "let a = b + 2;\n"],
  );
  assert.deepEqual(closed, ["/proposed-0", "/proposed-1"]);
});

test("the text that an alternative replaces is gone, in the preview and in the document", async () => {
  const { editor, previews } = await listed("f(║)", ["a)"], { answer: "f(a)", replaced: 1 });
  assert.equal(editor.marked, "f(a)║");
  assert.equal(previews[0]!.document.getText(), "f(a)");
});

test("the preview marks the new text and shows it in the middle", async () => {
  const { previews } = await listed("let a = ║;\r\n", ["{\n}"], { answer: "let a = {" });
  const [{ decorated, revealed, document }] = previews as [FakeEditor];
  assert.equal(document.getText(decorated[0]), "{\r\n}");
  assert.deepEqual(revealed, decorated[0]);
});

test("closing the list changes nothing", async () => {
  const { editor, closed } = await listed("║", ["a"], { answer: "Nothing" });
  assert.equal(editor.marked, "║");
  assert.deepEqual(closed, ["/proposed-0"]);
});

test("if the document has changed in the meantime, nothing is inserted and the user is told", async () => {
  const { editor } = await listed("║b", ["a"], {
    answer: "a",
    meanwhile: ({ document, selection }) => {
      document.replace(selection, "x");
    },
  });
  assert.equal(editor.document.getText(), "xb");
  assert.match(dialogs.shown.at(-1)!, /The file has changed in the meantime/);
});

test("a read-only editor is reported", async () => {
  const { editor } = await listed("║", ["a"], { answer: "a", isReadOnly: true });
  assert.equal(editor.marked, "║");
  assert.deepEqual(dialogs.shown.slice(-1), ["RWKV Code: This editor is read-only."]);
});

test("line endings are those of the document", async () => {
  const { editor } = await listed("║\r\n", ["a\nb"], { answer: "a" });
  assert.equal(editor.marked, "a\r\nb║\r\n");
});

test("closing the list goes back to the document, from a preview that is in view", async () => {
  const { editor } = await listed("║", ["a"], { answer: "Nothing" });
  assert.deepEqual(shownDocuments, [], "nothing was previewed");
  const tab = { input: new TabInputText(new FakeUri("/proposed-0", "rwkv-code-proposed")) };
  await listed("║", ["a"], { answer: "Nothing", tabs: [tab], scheme: "rwkv-code-proposed" });
  assert.deepEqual(shownDocuments, [String(editor.document.uri)]);
});

for (const [claim, answer, isFirst, preserveFocus] of [
  ["from a preview in the active group, with the focus", "Nothing", true, false],
  ["from a preview in another group, without the focus", "Nothing", false, true],
  ["to insert, with the focus", "a", false, false],
] as const) {
  test(`the document is shown again ${claim}`, async () => {
    const preview = { input: new TabInputText(new FakeUri("/proposed-0", "rwkv-code-proposed")) };
    const other = { input: undefined };
    const tabs = isFirst ? [preview, other] : [other, preview];
    await listed("║", ["a"], { answer, tabs, scheme: "rwkv-code-proposed" });
    assert.deepEqual(shownWith.at(-1), { preserveFocus, viewColumn: 1 });
  });
}

test("if the list is closed before the alternatives arrive, none is previewed", async () => {
  const turn = () => new Promise(setImmediate);
  const { previews } = await listed("║", ["a"], {
    meanwhile: async () => {
      dialogs.closeList();
      await turn();
    },
  });
  await turn();
  await turn();
  assert.deepEqual(previews, []);
});

const texts = (): readonly string[] => [dialogs.title, dialogs.placeholder];

test("without alternatives the list stays empty and says so, and nothing is inserted", async () => {
  const { editor } = await listed("║", [], { answer: "a" });
  assert.deepEqual([editor.marked, editor.edits, shownDocuments], ["║", [], []]);
  assert.deepEqual(texts(), ["Alternatives", "No alternatives found."]);
});

test("the list says how to use it only when there are alternatives", async () => {
  await listed(`${"\n".repeat(15)}║`, ["a"], {
    meanwhile: () => {
      assert.deepEqual(texts(), ["Alternatives", "Looking for alternatives…"]);
    },
  });
  assert.deepEqual(texts(), ["Alternatives", "Preview with the arrow keys, insert with Enter"]);
});

test("in the first fifteen lines, which the list covers, its title says that it can be dragged", async () => {
  await listed(`${"\n".repeat(14)}║`, ["a"]);
  assert.equal(dialogs.title, "Alternatives (drag this title to see the lines below)");
  await listed(`${"\n".repeat(15)}║`, ["a"]);
  assert.equal(dialogs.title, "Alternatives");
});

test("a failed request closes the list and is an error", async () => {
  await assert.rejects(
    listed("║", ["a"], {
      meanwhile: () => {
        throw new Error("no model");
      },
    }),
    /no model/,
  );
});
