import assert from "node:assert/strict";
import test from "node:test";
import { grammarOf } from "../../src/core/structure/languages.js";
import { Lexer } from "../../src/core/structure/lexer.js";
import { initialState } from "../../src/core/structure/lexerCursor.js";
import { indentsAt, testOpenFrames, tokensOf } from "../support/openFrames.js";

testOpenFrames("a string", [
  ["holds brackets and other quotes", "a.ts", "'([\"`' (", ")"],
  ["is open at the end of the text", "a.ts", "('a", ") '"],
  ["of one line ends with it", "a.ts", "'a\n(", ")"],
  ["an escaped quote does not end it", "a.ts", "'\\'(' [", "]"],
  ["an escaped backslash does not escape the quote", "a.ts", "'\\\\' (", ")"],
  ["an escaped newline does not continue a string of one line", "a.ts", "'a\\\n(", ")"],
  ["an escaped newline continues a string of several lines", "a.ts", "`a\\\n(` [", "]"],
  ["without escapes, a backslash is text", "a.go", "`\\` (", ")"],
  ["two quotes in a string may mean one", "a.sql", "'it''s (' (", ")"],
  ["may be empty", "a.ts", "'' + (", ")"],
  ["of three quotes may be empty", "a.py", '"""""" + (', ")"],
  ["two quotes within three", "a.py", '"""a""(""" [', "]"],
  ["begins after its quotes", "a.py", '"""("""[', "]"],
]);

testOpenFrames("an interpolation", [
  ["is code", "a.ts", "`a${(", "` } )"],
  ["ends with its bracket", "a.ts", "`a${(b)}('` [", "]"],
  ["holds strings", "a.ts", "`${'}`'}` (", ")"],
  ["is text if it is escaped", "a.ts", "`\\${` (", ")"],
  ["is not begun by a dollar alone", "a.ts", "`$ {` (", ")"],
  ["of Python", "a.py", "f'{(", "' } )"],
  ["is not begun by two braces in Python", "a.py", "f'{{(' [", "]"],
  ["is begun by the last of three braces in Python", "a.py", "f'{{{(", "' } )"],
  ["of Swift, in parentheses", "a.swift", '"a\\(b[', '" ) ]'],
  ["of Swift that ends", "a.swift", '"a\\(b)(" [', "]"],
  ["of Ruby", "a.rb", '"a#{(', '" } )'],
  ["does not exist in other strings", "a.ts", "'${' (", ")"],
]);

testOpenFrames("a string of a shell", [
  ["holds commands", "a.sh", '"a $(b (', '" ) )'],
  ["holds commands between backticks", "a.sh", '"a `b (', '" ` )'],
  ["holds commands that begin with a bracket", "a.sh", '"`(', '" ` )'],
  ["an apostrophe is text", "a.sh", "\"it's $(", '" )'],
  ["between apostrophes, nothing is special", "a.sh", "'$(`\\' (", ")"],
  ["backticks of other languages are text", "a.rb", '"`" (', ")"],
]);

testOpenFrames("a parameter expansion", [
  ["holds quotes", "a.sh", '"${a:-"b}"}" (', ")"],
  ["holds commands", "a.sh", '"${a:-$(b', '" } )'],
  ["holds an apostrophe as text", "a.sh", '"${a:-it\'s}" (', ")"],
  ["holds quoted text in a pattern", "a.sh", '"${a#\'"\'}" (', ")"],
  ["may remove a pattern at the end", "a.sh", "\"${a%'}'}\" (", ")"],
  ["may replace a pattern", "a.sh", "\"${a/'}'/b}\" (", ")"],
  ["may be of an element", "a.sh", "\"${a[1]%'}'}\" (", ")"],
  ["may be of all parameters", "a.sh", "\"${@%'}'}\" (", ")"],
  ["may be of an indirect name", "a.sh", "\"${!a%'}'}\" (", ")"],
  ["may be in another one", "a.sh", '"${a:-${b:-"}"}}" (', ")"],
  ["holds no quotes in a heredoc", "a.sh", 'cat <<E\n${a:-"}$(', "E )"],
  ["holds no quotes in another one in a heredoc", "a.sh", 'cat <<E\n${a:-${b:-"}}$(', "E )"],
  ["holds quotes as text in a heredoc", "a.sh", "cat <<E\n${a:-\"it's}\nE\n(", ")"],
  ["holds quotes as text in a pattern in a heredoc", "a.sh", "cat <<E\n${a%'}'}\nE\n(", ")"],
  ["holds quotes as text in another one in a heredoc", "a.sh", 'cat <<E\n${a:-${b:-"}}\nE\n(', ")"],
  ["does not end with an escaped bracket", "a.sh", '"${a:-\\}(}" [', "]"],
  ["may have several lines", "a.sh", '"${a:-\n"}"}" (', ")"],
  ["is not begun by a placeholder of a template", "a.sh", '"${{ a" (', ")"],
  ["is not begun by a name without braces", "a.sh", '"$a" (', ")"],
  ["does not exist between apostrophes", "a.sh", "'${a' (", ")"],
  ["does not exist in other languages", "a.php", '<?php "${a" (', "?> )"],
  ["may have a long name", "a.sh", `"\${${"a".repeat(77)}%'"'}" (`, ")"],
  ["may not have a longer name", "a.sh", `"\${${"a".repeat(78)}%'}" (`, ")"],
]);

testOpenFrames("a heredoc", [
  ["ends at its word", "a.sh", "cat <<E\n(\nE\n[", "]"],
  ["ends at its word even if that is indented", "a.rb", "a <<~E\n(\n  \tE\n[", "]"],
  ["may end the text", "a.sh", "(cat <<E\n[\nE", ")"],
  ["may be empty", "a.sh", "cat <<E\nE\n(", ")"],
  ["does not end at a longer word", "a.sh", "(cat <<E\nEF\n[", ") E"],
  ["does not end at the end of a word", "a.sh", "(cat <<E\nFE\n[", ") E"],
  ["does not end at its word after other text", "a.sh", "(cat <<E\na E\n[", ") E"],
  ["in PHP, code may follow the word", "a.php", "<?php f(<<<E\n(\nE, [", "?> ) ]"],
  ["holds interpolations", "a.sh", "cat <<E\n$(a", "E )"],
  ["ends interpolations and their brackets", "a.sh", "cat <<E\n$(a (\nE\n[", "]"],
  ["ends interpolations with their text", "a.sh", "cat <<E\n${a\nE\n(", ")"],
  ["ends interpolations with their strings", "a.sh", 'cat <<E\n$(a "b\nE\n(', ")"],
  ["ends interpolations with the frames in their text", "a.sh", "cat <<E\n${a:-$(b\nE\n(", ")"],
  ["ends no interpolation after other text", "a.sh", "cat <<E\n$(a E\n(", "E ) )"],
  ["ends no interpolation at a longer word", "a.sh", "cat <<E\n$(a\nEF\n(", "E ) )"],
  ["may be in another one", "a.sh", "cat <<E\n$(cat <<F\n(\nF\n[", "E ) ]"],
  ["ends with the one around it", "a.sh", "cat <<E\n$(cat <<F\n(\nE\n[", "]"],
  ["does not end interpolations in Ruby", "a.rb", "a <<E\n#{b\nE\n(", "E } )"],
  ["has no interpolations if its word is quoted", "a.sh", "cat <<'E'\n$(\nE\n(", ")"],
]);

const far = 997;
testOpenFrames("a class of a regular expression", [
  ["holds a slash", "a.ts", "a = /[/]/; (", ")"],
  ["holds an escaped bracket", "a.ts", "a = /[\\]/]/; (", ")"],
  ["is text if it has no end", "a.ts", "a = /[/; (", ")"],
  ["must end on its line", "a.ts", "a = /[/; (\n]", "), stray ]"],
  ["may end 1000 bytes away", "a.ts", `a = /[${"a".repeat(far)}/]/; (`, ")"],
  ["may not end farther away", "a.ts", `a = /[${"a".repeat(far + 1)}/]/; (`, "), stray ]"],
]);

testOpenFrames("a comment", [
  ["holds code", "a.c", "/* ( ' */ [", "]"],
  ["holds code over several lines", "a.c", "/* (\n* ' */ [", "]"],
  ["is open at the end of the text", "a.c", "( /* [", ") */"],
  ["holds no other comment", "a.c", "/* /* */ (", ")"],
  ["holds another comment in Rust", "a.rs", "/* /* */ (", "*/"],
  ["holds another comment in Kotlin", "a.kt", "/* /* */ (", "*/"],
  ["holds another comment in Swift", "a.swift", "/* /* */ (", "*/"],
  ["holds another comment in Julia", "a.jl", "#= #= =# (", "=#"],
  ["that holds another one ends after it", "a.rs", "/* /* */ ( */ [", "]"],
  ["does not end with an asterisk", "a.c", "/* * ( */ [", "]"],
  ["begins after its opener", "a.c", "/*/ ( */ [", "]"],
  ["ends with its line", "a.ts", "// (\n[", "]"],
  ["in a script ends with the script", "a.html", "<script>// (</script><b>", "</b>"],
  ["in a script ends with its line", "a.html", "<script>// (\n[", "</script> ]"],
  ["in PHP ends before `?>`", "a.php", "<?php // ( ?><b>", "</b>"],
]);

test("the tokens of strings are their quotes", () => {
  assert.deepEqual(tokensOf("a.py", "f'''{a}''' \"b\""), ["'''", "{", "}", "'''", '"', '"']);
  assert.deepEqual(tokensOf("a.sh", '"${a:-`b`}$(c)"'), ['"', "${", "`", "`", "}", "$(", ")", '"']);
  assert.deepEqual(tokensOf("a.sh", "cat <<E\n$(a\n E\n"), ["\n", "$(", "E"]);
  assert.deepEqual(tokensOf("a.sh", "cat <<E\n E\n"), ["\n", "E"]);
  assert.deepEqual(tokensOf("a.sql", "'it''s'"), ["'", "'"]);
  assert.deepEqual(tokensOf("a.rs", "/* /* */ */"), ["/*", "/*", "*/", "*/"]);
});

test("a line comment ends before its newline", () => {
  for (const [path, text] of [
    ["a.ts", "// a"],
    ["a.html", "<script>// a"],
  ] as const) {
    const bytes = Buffer.from(`${text}\n`);
    const lexer = new Lexer(bytes, 0, initialState(grammarOf(path)));
    lexer.advance(bytes.length - 1);
    assert.notEqual(lexer.frame.kind, "comment");
  }
});

test("the text after a string on its last line has the indentation of the statement", () => {
  assert.deepEqual(indentsAt("a.ts", "  a(`\n      b`, {"), [2, 2]);
});
