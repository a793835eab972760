import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { dialogs, visibleEditors } from "../support/vscodeStandIn.js";
import type * as vscode from "vscode";
import { fittedCode } from "../../src/extension/fittedCode.js";
import { editOrWarn } from "../../src/extension/readOnly.js";
import type { InsertionResult } from "../../src/shared/structureRequests.js";

beforeEach(() => {
  dialogs.reset();
});

interface FakePosition {
  readonly line: number;
  readonly character: number;
}

function position(line: number, character: number): vscode.Position {
  const self = {
    line,
    character,
    isEqual: (other: FakePosition) => other.line === line && other.character === character,
    translate: (_: number, by: number) => position(line, character + by),
  };
  return self as unknown as vscode.Position; // has all members that are used
}

/**
 * Fits `code` at ¦, with a server that responds with `answer`.
 * @returns the text to insert, and how many characters after the cursor it replaces.
 */
async function placed(marked: string, code: string, answer: (document: { version: number }) => unknown) {
  const [before = "", after = ""] = marked.split("¦");
  const line = before.split("\n").length - 1;
  const at = position(line, before.split("\n").at(-1)!.length);
  const lines = (before + after).split("\n");
  const document = { version: 1, lineAt: (one: number) => ({ text: lines[one]! }) };
  const range = { start: at, end: at } as unknown as vscode.Range;
  const server = { insertion: async () => answer(document) as InsertionResult | undefined };
  const { text, range: found } = await fittedCode(server, document as unknown as vscode.TextDocument, {
    range,
    text: code,
  });
  return [text, found.end.character - at.character];
}

test("code is inserted as the server says and replaces closers", async () => {
  assert.deepEqual(await placed("f(¦)", "a)", () => ({ text: "  a)", replaced: 1 })), ["  a)", 1]);
});

test("without a response for this text, code before other text at a line's start ends with a newline", async () => {
  const answers = [
    () => undefined,
    () => {
      throw new Error("gone");
    },
    (document: { version: number }) => {
      document.version++;
      return { text: "for another text", replaced: 5 };
    },
  ];
  for (const answer of answers) {
    assert.deepEqual(await placed("¦export interface A {}", "f();\n}", answer), ["f();\n}\n", 0]);
    assert.deepEqual(await placed("x\n  ¦y();", "f();", answer), ["f();\n  ", 0]);
    assert.deepEqual(await placed("¦y();", "f();\n", answer), ["f();\n", 0]);
    assert.deepEqual(await placed("x ¦y", "f()", answer), ["f()", 0]);
    assert.deepEqual(await placed("  ¦", "f()", answer), ["f()", 0]);
  }
});

test("the server is told how the document is indented, in the editor that shows it", async () => {
  const document = { version: 1, lineAt: () => ({ text: "" }) } as unknown as vscode.TextDocument;
  const at = position(0, 0);
  const unitIn = async (...editors: readonly unknown[]): Promise<unknown> => {
    visibleEditors.splice(0, Infinity, ...editors);
    let unit: unknown;
    const insertion = async (_: unknown, { indentUnit }: { indentUnit: string }) => void (unit = indentUnit);
    const range = { start: at, end: at } as unknown as vscode.Range;
    await fittedCode({ insertion }, document, { range, text: "x" });
    return unit;
  };
  const other = { document: {}, options: { insertSpaces: false, tabSize: 8 } };
  assert.equal(await unitIn(other), "    ");
  assert.equal(await unitIn(other, { document, options: { insertSpaces: true, tabSize: 2 } }), "  ");
  assert.equal(await unitIn({ document, options: { insertSpaces: false, tabSize: 2 } }), "\t");
  visibleEditors.length = 0;
});

test("an editor that reports success without a change is read-only", async () => {
  for (const [change, isEdited] of [
    [1, true],
    [0, false],
  ] as const) {
    dialogs.reset();
    const document = { version: 1 };
    const edit = async () => {
      document.version += change;
      return true;
    };
    const editor = { document, edit } as unknown as vscode.TextEditor; // only these members are used
    assert.equal(await editOrWarn(editor, () => undefined), isEdited);
    assert.deepEqual(dialogs.shown, isEdited ? [] : ["RWKV Code: This editor is read-only."]);
  }
});
