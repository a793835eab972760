import assert from "node:assert/strict";
import test from "node:test";
import { asComment, commentAbove } from "../../src/extension/comments.js";

/** The last line of the comment that is found for the cursor ║, with ├ between its indentation and its text. */
function found(marked: string): string | undefined {
  const from = marked.slice(0, marked.indexOf("║")).split("\n").length - 1;
  const lines = marked.replace("║", "").split("\n");
  const comment = commentAbove((line) => lines[line] ?? "", from);
  return comment && `${comment.indentation}├${(lines[comment.line] ?? "").trim()}`;
}

test("a comment is found from inside, from its end, and from blank lines below", () => {
  assert.equal(found("a();\n  // adds║ up\n"), "  ├// adds up");
  assert.equal(found("# first\n# second\n\n║"), "├# second");
  assert.equal(found("  /**\n   * Sums a list.\n   */\n║"), "  ├*/");
  assert.equal(found('def f():\n    """Sums."""║'), '    ├"""Sums."""');
  assert.equal(found("-- all users║"), "├-- all users");
});

test("code and preprocessor lines are not comments", () => {
  assert.equal(found("// old\na();\n║"), undefined);
  assert.equal(found("#include <stdio.h>║"), undefined);
  assert.equal(found("║"), undefined);
});

test("an instruction becomes a one-line comment in the document's language", () => {
  assert.equal(asComment("typescript", " add\n  both "), "// add both");
  assert.equal(asComment("python", "add both"), "# add both");
  assert.equal(asComment("html", "a table"), "<!-- a table -->");
  assert.equal(asComment("no-language-we-know", "add both"), "// add both");
  assert.notEqual(
    commentAbove(() => asComment("lua", "add both"), 0),
    undefined,
  );
});
