import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { active, dialogs, fireEdit } from "../support/vscodeStandIn.js";
import { FakeEditor, type EditorOptions } from "../support/fakeEditor.js";
import type * as vscode from "vscode";
import type { CompletionClient } from "../../src/extension/completionClient.js";
import { EditorGeneration } from "../../src/extension/editorGeneration.js";
import type { Settings } from "../../src/extension/settings.js";
import type { Blocker } from "../../src/shared/eligibility.js";
import type { GenerateDelta } from "../../src/shared/protocol.js";

beforeEach(() => {
  dialogs.reset();
});

interface Writing extends EditorOptions {
  readonly writes?: readonly GenerateDelta[];
  readonly blocker?: Blocker;
  /** Called between two deltas. */
  readonly meanwhile?: (generation: EditorGeneration, editor: FakeEditor) => void;
}

/** An `EditorGeneration` whose server streams the deltas `writes`, and an editor with the text `marked`. */
function writing(marked: string, { writes = [], blocker, meanwhile, ...options }: Writing = {}) {
  const editor = new FakeEditor(marked, options);
  active.editor = editor;
  const asked: object[] = [];
  const client = {
    documents: { blocker: () => blocker },
    startFor: async () => undefined,
    generate: async (
      _: unknown,
      params: object,
      onDelta: (delta: GenerateDelta) => void,
      cancellation: vscode.CancellationToken,
    ) => {
      asked.push(params);
      for (const [i, delta] of writes.entries()) {
        if (i > 0) meanwhile?.(generation, editor);
        if (cancellation.isCancellationRequested) return;
        onDelta(delta);
        await new Promise(setImmediate);
      }
    },
  } as unknown as CompletionClient; // only these members are used
  const generation = new EditorGeneration(client, () => ({ generateMaxLines: 7 }) as unknown as Settings);
  return { generation, editor, asked };
}

const delta = (text: string, replaced = 0): GenerateDelta => ({ text, replaced });

test("generated text is one undo step at the cursor, which ends up after it", async () => {
  const { generation, editor, asked } = writing("let a = ║;\n", { writes: [delta("1 +"), delta(" 2")] });
  await generation.atCursor();
  assert.equal(editor.marked, "let a = 1 + 2║;\n");
  assert.deepEqual(editor.edits, [
    { undoStopBefore: true, undoStopAfter: false },
    { undoStopBefore: false, undoStopAfter: false },
  ]);
  assert.deepEqual(editor.revealed?.start, editor.selection.active);
  const [{ position, ...limits }] = asked as [{ position: object }];
  assert.deepEqual({ ...position }, { line: 0, character: 8 });
  assert.deepEqual(limits, { maxLines: 7, indentUnit: "  " });
});

test("a tab is the unit of indentation in an editor that inserts tabs", async () => {
  const { generation, asked } = writing("║", { insertSpaces: false });
  await generation.atCursor();
  assert.equal((asked[0] as { indentUnit: string }).indentUnit, "\t");
});

test("generated text replaces the closers after it", async () => {
  const { generation, editor } = writing("f(║);\n", { writes: [delta("a"), delta(", b);", 2)] });
  await generation.atCursor();
  assert.equal(editor.marked, "f(a, b);║\n");
});

test("line endings become those of the document", async () => {
  const { generation, editor } = writing("a\r\n║", { writes: [delta("b\nc"), delta("\nd")] });
  await generation.atCursor();
  assert.equal(editor.marked, "a\r\nb\r\nc\r\nd║");
});

for (const [claim, isUsers, expected] of [
  ["an edit by the user stops the writing, and nothing is written into it", true, "a║"],
  ["saving the document, or an edit of another one, does not stop the writing", false, "ab║"],
] as const) {
  test(claim, async () => {
    const { generation, editor } = writing("║", {
      writes: [delta("a"), delta("b")],
      meanwhile: (_, { document }) => {
        fireEdit({}, [{}]);
        fireEdit(document, isUsers ? [{}] : []);
      },
    });
    await generation.atCursor();
    assert.equal(editor.marked, expected);
    assert.deepEqual(dialogs.shown, ["RWKV Code is writing (press Escape to stop)"]);
  });
}

test("Escape keeps the text written so far", async () => {
  const { generation, editor } = writing("║", {
    writes: [delta("a"), delta("b")],
    meanwhile: (generating) => {
      generating.cancel();
    },
  });
  await generation.atCursor();
  assert.equal(editor.marked, "a║");
  assert.deepEqual(dialogs.changed, ["rwkvCode.generating = true", "rwkvCode.generating = false"]);
});

test("while one command writes, another neither starts nor finds an editor", async () => {
  let found: unknown = "unknown";
  const { generation, editor, asked } = writing("║", {
    writes: [delta("a"), delta("b")],
    meanwhile: (generating) => {
      found = generating.editor();
      void generating.atCursor();
      void generating.write(active.editor!.asEditor, active.editor!.asEditor.selection.active, "x");
      void generating.run("Another", async () => undefined);
    },
  });
  await generation.atCursor();
  assert.deepEqual([found, editor.marked, asked.length], [undefined, "ab║", 1]);
  assert.equal(dialogs.shown.includes("Another"), false);
  assert.equal(generation.editor(), editor);
});

test("a model that writes nothing is reported", async () => {
  for (const writes of [[], [delta("")]]) {
    const { generation, editor } = writing("a║", { writes });
    await generation.atCursor();
    assert.equal(editor.marked, "a║");
    assert.equal(dialogs.shown.at(-1), "RWKV Code: The model wrote nothing here.");
  }
});

test("a read-only editor is reported, once", async () => {
  const { generation } = writing("║", { writes: [delta("a"), delta("b")], isReadOnly: true });
  await generation.atCursor();
  assert.deepEqual(dialogs.shown.slice(1), ["RWKV Code: This editor is read-only."]);
});

for (const [claim, marked, expected] of [
  ["on a new line of its indentation", "  // one║\n  b();\n", "  // one\n  x║\n  b();\n"],
  ["on the blank line below it", "  // one║\n\nb();\n", "  // one\n  x║\nb();\n"],
  ["after the whitespace on the blank line", "  // one║\n \nb();\n", "  // one\n  x║\nb();\n"],
  ["even from a blank line further down", "  // one\n\n\n║", "  // one\n  x║\n\n"],
] as const) {
  test(`code for a comment is written ${claim}`, async () => {
    const { generation, editor } = writing(marked, { writes: [delta("x")] });
    await generation.fromComment();
    assert.equal(editor.marked, expected);
  });
}

test("without a comment the user is told where the cursor must be", async () => {
  const { generation, asked } = writing("a();\n║");
  await generation.fromComment();
  assert.deepEqual(dialogs.shown, ["RWKV Code: Move the cursor to a comment or right below one first."]);
  assert.equal(asked.length, 0);
});

for (const [claim, marked, expected] of [
  ["at a blank line", "f();\n  ║\n", "f();\n  // do\n  x║\n"],
  ["below a line with text", "  f();║ g();\n", "  f(); g();\n  // do\n  x║\n"],
] as const) {
  test(`an instruction becomes a comment ${claim}, and code follows below it`, async () => {
    const { generation, editor } = writing(marked, { writes: [delta("x")] });
    await generation.writeBelow(editor.asEditor, "// do");
    assert.equal(editor.marked, expected);
  });
}

test("nothing is written into an editor that is no longer the active one", async () => {
  const { generation, editor } = writing("║", { writes: [delta("x")] });
  active.editor = new FakeEditor("");
  await generation.writeBelow(editor.asEditor, "// do");
  assert.equal(editor.marked, "║");
});

test("a document may be too large to write into and still be read from", () => {
  const { generation, editor } = writing("║", { blocker: "tooLarge" });
  assert.equal(generation.editor("readSelection"), editor);
  assert.equal(generation.editor(), undefined);
  assert.deepEqual(dialogs.shown, ["RWKV Code: This file is too large for completions."]);
});
