import assert from "node:assert/strict";
import test from "node:test";
import { advanceToToken } from "../../src/core/structure/incompleteTokens.js";
import { grammarOf } from "../../src/core/structure/languages.js";
import { Lexer } from "../../src/core/structure/lexer.js";
import { initialState } from "../../src/core/structure/lexerCursor.js";
import { closersOf } from "../support/openFrames.js";

/**
 * Declares a test for one kind of token. A row is a file name, a text with the cursor at ║, the token before the cursor
 * that the inserted text may complete, and the closers of the frames that are open before that token.
 */
function testTokens(
  kind: string,
  rows: readonly (readonly [path: string, marked: string, token: string, open: string])[],
) {
  test(kind, () => {
    for (const [path, marked, token, open] of rows) {
      const [before = "", after = ""] = marked.split("║");
      const linePrefix = before.split("\n").at(-1)!;
      const lexer = new Lexer(Buffer.from(before), 0, initialState(grammarOf(path)));
      const units = advanceToToken(lexer, linePrefix, after);
      assert.deepEqual([units, closersOf(lexer.frame).join(" ")], [token.length, open], `${path}: ${marked}`);
      assert.ok(linePrefix.endsWith(token));
      const isEscape = token === "" && linePrefix.endsWith("\\"); // the lexer does not stop within an escape sequence
      if (!isEscape) assert.equal(lexer.at, Buffer.byteLength(before) - units, `${path}: ${marked}`);
    }
  });
}

testTokens("a tag is incomplete until its end or an attribute follows", [
  ["a.html", "a <li║", "<li", ""],
  ["a.html", "<li║ a", "<li", ""],
  ["a.html", "<║", "<", ""],
  ["a.html", "</li║", "</li", ""],
  ["a.html", "<!-║", "<!-", ""],
  ["a.html", "<!--║", "<!--", ""],
  ["a.html", "<li║>", "", "li"],
  ["a.html", "<li║/>", "", "li"],
  ["a.html", "<li║ class=", "", "li"],
  ["a.tsx", "x = <b║", "<b", ""],
  ["a.tsx", "x <b║", "", ""],
  ["a.ts", "x = <b║", "", ""],
  ["a.html", "a'║", "", ""],
]);

testTokens("one or two quotes may begin a string between three", [
  ["a.py", '"║', '"', ""],
  ["a.py", "'║", "'", ""],
  ["a.py", 'f"║', '"', ""],
  ["a.py", 'abc"║', "", '"'],
  ["a.py", 'x = "║', "", '"'],
  ["a.py", 'x = ""║', '""', ""],
  ["a.py", '"║"', "", '"'],
  ["a.py", '# "║', "", "\n"],
  ["a.py", '# ""║', "", "\n"],
  ["a.ts", '"║', "", '"'],
  ["a.py", '("a"║', "", ")"],
]);

testTokens("one or two quotes may end a string between three", [
  ["a.py", '"""a"║', '"', '"""'],
  ["a.py", '"""a""║', '""', '"""'],
  ["a.py", '"""a\'║', "", '"""'],
]);

testTokens("a comment's opener or closer may be incomplete", [
  ["a.ts", "a /║", "/", ""],
  ["a.ts", "a *║", "", ""],
  ["a.py", "a /║", "", ""],
  ["a.lua", "-║", "-", ""],
  ["a.lua", "--║", "--", ""],
  ["a.lua", "---║", "", "\n"],
  ["a.ts", "/*║", "", "*/"],
  ["a.ts", "/* a *║", "*", "*/"],
  ["a.html", "<!-- a -║", "-", "-->"],
  ["a.ts", "// a *║", "", "\n"],
  ["a.tsx", "x = <a b /║", "", "a"],
]);

testTokens("a backslash is incomplete if it escapes the next character", [
  ["a.ts", '"a\\║', "\\", '"'],
  ["a.ts", '"a\\\\║', "", '"'],
  ["a.sql", "'a\\║", "", "'"],
  ["a.sh", "echo a\\║", "\\", ""],
  ["a.ts", "a\\║", "", ""],
]);

testTokens("a word is incomplete in a language that closes blocks with words", [
  ["a.lua", "en║", "en", ""],
  ["a.ts", "en║", "", ""],
  ["a.lua", "-- en║", "", "\n"],
  ["a.lua", '"en║', "", '"'],
]);

testTokens("the word that ends a heredoc may be incomplete", [
  ["a.sh", "cat <<LAST\na\nLA║", "LA", "LAST"],
  ["a.sh", "cat <<LAST\na\nb║", "", "LAST"],
]);

testTokens("the end of a template's tag may be incomplete, unless it follows", [
  ["a.vue", "{{ a }║", "}", "}}"],
  ["a.vue", "{{ a }║}", "", "}}"],
  ["a.html", "{% a %║", "%", "%}"],
  ["a.html", "{% a %║}", "", "%}"],
  ["a.ts", "{ a }║", "", ""],
]);

testTokens("an apostrophe opens a character if the closing one follows the cursor", [
  ["a.rs", "'║'", "", "'"],
  ["a.rs", "'a║'", "", "'"],
  ["a.rs", "'é║'", "", "'"],
  ["a.rs", "'\\║'", "", "'"],
  ["a.rs", "'\\n║'", "", "'"],
  ["a.rs", "'\\u{1f}║'", "", "'"],
  ["a.rs", "b'║'", "", "'"],
  ["a.c", "'║'", "", "'"],
  ["a.rs", "'a║", "", ""],
  ["a.rs", "'ab║'", "", ""],
  ["a.rs", "// '║'", "", "\n"],
  ["a.rs", "\"'║'", "", '"'],
  ["a.clj", "'║'", "", ""],
]);
