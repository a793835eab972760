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
  ["an escaped newline does not continue it", "a.ts", "'a\\\n(", ")"],
  ["unless it has several lines", "a.ts", "`a\\\n(` [", "]"],
  ["without escapes, a backslash is text", "a.go", "`\\` (", ")"],
  ["two quotes are one", "a.sql", "'it''s (' (", ")"],
  ["an empty one", "a.ts", "'' + (", ")"],
  ["an empty one of three quotes", "a.py", '"""""" + (', ")"],
  ["two quotes within three", "a.py", '"""a""(""" [', "]"],
  ["begins after its quotes", "a.py", '"""("""[', "]"],
]);

testOpenFrames("an interpolation", [
  ["is code", "a.ts", "`a${(", "` } )"],
  ["ends with its bracket", "a.ts", "`a${(b)}('` [", "]"],
  ["holds strings", "a.ts", "`${'}`'}` (", ")"],
  ["an escaped one is text", "a.ts", "`\\${` (", ")"],
  ["a sign alone is text", "a.ts", "`$ {` (", ")"],
  ["of Python", "a.py", "f'{(", "' } )"],
  ["two braces of Python are text", "a.py", "f'{{(' [", "]"],
  ["three are an interpolation", "a.py", "f'{{{(", "' } )"],
  ["of Swift, in parentheses", "a.swift", '"a\\(b[', '" ) ]'],
  ["of Swift that ends", "a.swift", '"a\\(b)(" [', "]"],
  ["of Ruby", "a.rb", '"a#{(', '" } )'],
  ["other strings have none", "a.ts", "'${' (", ")"],
]);

testOpenFrames("a string of a shell", [
  ["holds commands", "a.sh", '"a $(b (', '" ) )'],
  ["between backticks, too", "a.sh", '"a `b (', '" ` )'],
  ["which may begin with a bracket", "a.sh", '"`(', '" ` )'],
  ["an apostrophe is text", "a.sh", "\"it's $(", '" )'],
  ["between apostrophes, nothing is special", "a.sh", "'$(`\\' (", ")"],
  ["backticks of other languages are text", "a.rb", '"`" (', ")"],
]);

testOpenFrames("a parameter expansion", [
  ["holds quotes", "a.sh", '"${a:-"b}"}" (', ")"],
  ["holds commands", "a.sh", '"${a:-$(b', '" } )'],
  ["in which an apostrophe is text", "a.sh", '"${a:-it\'s}" (', ")"],
  ["but not in a pattern", "a.sh", '"${a#\'"\'}" (', ")"],
  ["to remove at the end", "a.sh", "\"${a%'}'}\" (", ")"],
  ["to replace", "a.sh", "\"${a/'}'/b}\" (", ")"],
  ["of an element", "a.sh", "\"${a[1]%'}'}\" (", ")"],
  ["of all parameters", "a.sh", "\"${@%'}'}\" (", ")"],
  ["of an indirect name", "a.sh", "\"${!a%'}'}\" (", ")"],
  ["in another one", "a.sh", '"${a:-${b:-"}"}}" (', ")"],
  ["in a heredoc, it holds no quotes", "a.sh", 'cat <<E\n${a:-"}$(', "E )"],
  ["nor does one in it", "a.sh", 'cat <<E\n${a:-${b:-"}}$(', "E )"],
  ["in a heredoc, quotes are text", "a.sh", "cat <<E\n${a:-\"it's}\nE\n(", ")"],
  ["in a pattern, too", "a.sh", "cat <<E\n${a%'}'}\nE\n(", ")"],
  ["and in an expansion in it", "a.sh", 'cat <<E\n${a:-${b:-"}}\nE\n(', ")"],
  ["an escaped bracket does not end it", "a.sh", '"${a:-\\}(}" [', "]"],
  ["may have several lines", "a.sh", '"${a:-\n"}"}" (', ")"],
  ["a placeholder of a template is none", "a.sh", '"${{ a" (', ")"],
  ["nor is a name without braces", "a.sh", '"$a" (', ")"],
  ["nor is one between apostrophes", "a.sh", "'${a' (", ")"],
  ["other languages have none", "a.php", '<?php "${a" (', "?> )"],
  ["of a long name", "a.sh", `"\${${"a".repeat(77)}%'"'}" (`, ")"],
  ["not of a longer one", "a.sh", `"\${${"a".repeat(78)}%'}" (`, ")"],
]);

testOpenFrames("a heredoc", [
  ["ends at its word", "a.sh", "cat <<E\n(\nE\n[", "]"],
  ["which may be indented", "a.rb", "a <<~E\n(\n  \tE\n[", "]"],
  ["and end the text", "a.sh", "(cat <<E\n[\nE", ")"],
  ["and be empty", "a.sh", "cat <<E\nE\n(", ")"],
  ["a longer word does not end it", "a.sh", "(cat <<E\nEF\n[", ") E"],
  ["nor does the end of a word", "a.sh", "(cat <<E\nFE\n[", ") E"],
  ["nor one after other text", "a.sh", "(cat <<E\na E\n[", ") E"],
  ["in PHP, code may follow the word", "a.php", "<?php f(<<<E\n(\nE, [", "?> ) ]"],
  ["holds interpolations", "a.sh", "cat <<E\n$(a", "E )"],
  ["which end with it, with their brackets", "a.sh", "cat <<E\n$(a (\nE\n[", "]"],
  ["with their text", "a.sh", "cat <<E\n${a\nE\n(", ")"],
  ["with their strings", "a.sh", 'cat <<E\n$(a "b\nE\n(', ")"],
  ["with the frames in their text", "a.sh", "cat <<E\n${a:-$(b\nE\n(", ")"],
  ["but not after other text", "a.sh", "cat <<E\n$(a E\n(", "E ) )"],
  ["nor at a longer word", "a.sh", "cat <<E\n$(a\nEF\n(", "E ) )"],
  ["in another one", "a.sh", "cat <<E\n$(cat <<F\n(\nF\n[", "E ) ]"],
  ["which ends with the outer one", "a.sh", "cat <<E\n$(cat <<F\n(\nE\n[", "]"],
  ["in Ruby, interpolations end by themselves", "a.rb", "a <<E\n#{b\nE\n(", "E } )"],
  ["a raw one has none", "a.sh", "cat <<'E'\n$(\nE\n(", ")"],
]);

const far = 997;
testOpenFrames("a class of a regular expression", [
  ["holds a slash", "a.ts", "a = /[/]/; (", ")"],
  ["and an escaped bracket", "a.ts", "a = /[\\]/]/; (", ")"],
  ["without its end, it is text", "a.ts", "a = /[/; (", ")"],
  ["its end is on its line", "a.ts", "a = /[/; (\n]", "), stray ]"],
  ["or at most 1000 bytes away", "a.ts", `a = /[${"a".repeat(far)}/]/; (`, ")"],
  ["and not farther", "a.ts", `a = /[${"a".repeat(far + 1)}/]/; (`, "), stray ]"],
]);

testOpenFrames("a comment", [
  ["holds code", "a.c", "/* ( ' */ [", "]"],
  ["over several lines", "a.c", "/* (\n* ' */ [", "]"],
  ["is open at the end of the text", "a.c", "( /* [", ") */"],
  ["holds no other one", "a.c", "/* /* */ (", ")"],
  ["unless the language nests them", "a.rs", "/* /* */ (", "*/"],
  ["as Kotlin does", "a.kt", "/* /* */ (", "*/"],
  ["as Swift does", "a.swift", "/* /* */ (", "*/"],
  ["as Julia does", "a.jl", "#= #= =# (", "=#"],
  ["and they end in turn", "a.rs", "/* /* */ ( */ [", "]"],
  ["an asterisk does not end it", "a.c", "/* * ( */ [", "]"],
  ["begins after its opener", "a.c", "/*/ ( */ [", "]"],
  ["ends with its line", "a.ts", "// (\n[", "]"],
  ["of a script ends with it", "a.html", "<script>// (</script><b>", "</b>"],
  ["of a script ends with its line", "a.html", "<script>// (\n[", "</script> ]"],
  ["of PHP ends before its end", "a.php", "<?php // ( ?><b>", "</b>"],
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
