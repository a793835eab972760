import assert from "node:assert/strict";
import test from "node:test";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Preamble } from "../../src/core/completion/documentSession.js";
import { NotebookCells } from "../../src/server/notebookCells.js";

/** The preamble of a notebook's second cell if the first one contains `code`. */
function preambleAfter(code: string): string {
  const cells = ["cell:1", "cell:2"].map((uri) => TextDocument.create(uri, "python", 1, uri === "cell:1" ? code : ""));
  let preamble: Preamble | undefined;
  const notebook = new NotebookCells({
    documents: { get: (uri) => cells.find((cell) => cell.uri === uri), all: () => cells },
    open: () => ({
      setPreamble: (_, read) => {
        preamble = read;
      },
      resumeReading: () => undefined,
    }),
    focused: () => "cell:2",
    isBlocked: () => false,
  });
  notebook.set({ notebook: "file:///a.ipynb", cells: ["cell:1", "cell:2"] });
  assert.ok(preamble);
  return preamble.text;
}

test("a cell is read up to its last character that is not a newline", () => {
  assert.equal(preambleAfter("x = 1"), "x = 1\n");
  assert.equal(preambleAfter("\n\nx = 1\r\n\n\n"), "\n\nx = 1\n");
  assert.equal(preambleAfter("\n\n"), "\n");
});

test("a cell of 499,000 newlines takes no longer than others", () => {
  // A regular expression that backtracks over each newline would take many minutes.
  const newlines = "\n".repeat(499_000);
  assert.equal(preambleAfter(`${newlines}x = 1`), `${newlines}x = 1\n`);
});
