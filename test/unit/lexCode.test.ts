import assert from "node:assert/strict";
import test from "node:test";
import { openAt, testOpenFrames, tokensOf } from "../support/openFrames.js";

testOpenFrames("code", [
  ["each bracket is open until its closer", "a.ts", "([{a}", ") ]"],
  ["and nothing after the last closer", "a.ts", "([{a}])", ""],
  ["a line comment ends with its line", "a.ts", "// (\n[ // {", "] \n"],
  ["a slash alone is no comment", "a.ts", "a / (", ")"],
  ["a number sign in the middle of a word of a shell is none", "a.sh", "a#(", ")"],
  ["after a blank it is one", "a.sh", "a #(\n[", "]"],
  ["after a tab", "a.sh", "a\t#(\n[", "]"],
  ["after a semicolon", "a.sh", "a;#(\n[", "]"],
  ["at the start of a line", "a.sh", "a\n#(\n[", "]"],
  ["at the start of a text", "a.sh", "#(\n[", "]"],
  ["in Python it is one anywhere", "a.py", "a#(\n[", "]"],
  ["a backslash makes a bracket of a shell literal", "a.sh", "\\((", ")"],
  ["but not in C", "a.c", "\\((", ") )"],
  ["a quote after a backslash", "a.sh", "\\' (", ")"],
  ["the text of a heredoc begins below a line that ends with a backslash", "a.sh", "cat <<E \\\n(\nE\n[", "]"],
  ["an escaped newline begins a line", "a.sh", "a \\\n# (\n[", "]"],
  ["a backtick opens code in a shell", "a.sh", "a `b (", "` )"],
  ["the next one ends it, with everything in it", "a.sh", "a `b (`", ""],
  ["code begins right after a backtick", "a.sh", "`(", "` )"],
  ["and right after the next one", "a.sh", "`a`(", ")"],
  ["a comment may be empty", "a.py", "#\n(", ")"],
  ["a comment may begin with a bracket", "a.py", "#[a\n(", ")"],
  ["an attribute is no comment", "a.php", "<?php\n#[A(\n", "?> ] )"],
  ["a backtick in other code is no bracket", "a.c", "a `b (", ")"],
  ["an address in a style sheet holds no comment", "a.scss", "a { b: url(//c/d(", "} ) )"],
  ["nor one that follows more text", "a.scss", `a { b: url(${"x".repeat(76)}//`, "} )"],
  ["but only near the opening bracket", "a.scss", `a { b: url(${"x".repeat(77)}//`, "} ) \n"],
  ["other brackets do", "a.scss", "a { b: c(//d(\n", "} )"],
  ["a quoted address has ended", "a.scss", "a { b: url('c' //d\n", "} )"],
  ["other languages know no address", "a.ts", "url(//a(\n", ")"],
]);

testOpenFrames("a number sign in an interpolation", [
  ["in a format", "a.py", "f'{a:#x}' (", ")"],
  ["in a format that contains a call", "a.py", "f'{a:{b(c)}#x}' (", ")"],
  ["an index", "a.py", "f'{a:{b[1]}#x}' (", ")"],
  ["a bracket in quotes", "a.py", "f'{a:{b[\"(\"]}#x}' (", ")"],
  ["a bracket in apostrophes", "a.py", "f\"{a:{b['(']}#x}\" (", ")"],
  ["an empty string", "a.py", "f\"{a:{b['']}#x}\" (", ")"],
  ["a colon in a slice is no format", "a.py", "f'''{a[1:2] # '''\n}''' (", ")"],
  ["nor one in a call", "a.py", "f'''{a(lambda: b) # '''\n}''' (", ")"],
  ["nor one in a dictionary", "a.py", "f'''{ {a: b} # '''\n}''' (", ")"],
  ["nor one before the interpolation", "a.py", "f''':) {a # '''\n}''' (", ")"],
  ["nor one in the comment", "a.py", "f'''{a #:'''\n}''' (", ")"],
  ["nor one in a string", "a.py", "f'''{a[':'] # '''\n}''' (", ")"],
  ["nor one in an open bracket", "a.py", "f'''{(a[b:#'''\n]", "''' } )"],
  ["a comment without a colon", "a.py", "f'''{a # '''\n}''' (", ")"],
  ["a colon outside of interpolations", "a.py", "{a: #}\n(", "} )"],
  ["a colon 200 bytes before it", "a.py", `f'{a:${" ".repeat(199)}#x}' (`, ")"],
  ["a colon farther away", "a.py", `f'{a:${" ".repeat(200)}#x}' (`, "' } \n"],
]);

testOpenFrames("the start of a heredoc", [
  ["is on the next line", "a.sh", "cat <<E (\n'\nE\n[", ") ]"],
  ["may be in a bracket", "a.sh", "(cat <<E\n[\nE\n", ")"],
  ["is none after a word, which is shifted", "a.rb", "a<<E\n(", ")"],
  ["nor after a bracket", "a.rb", "a[0]<<E\n(", ")"],
  ["nor after a call", "a.rb", "a()<<E\n(", ")"],
  ["nor in arithmetic", "a.sh", "$((1 <<n\n)) (", ")"],
  ["has not three signs", "a.sh", "cat <<<E\n(", ")"],
  ["nor one", "a.sh", "cat <E\n(", ")"],
  ["may have its word far from the signs", "a.sh", `cat <<${" ".repeat(75)}EOF\n(\nEOF\n[`, "]"],
]);

testOpenFrames("a regular expression", [
  ["holds brackets and quotes", "a.ts", "a = /('/; [", "]"],
  ["ends before a division", "a.ts", "a = /(/ / (", ")"],
  ["its classes hold slashes", "a.ts", "a = /[/(]/; [", "]"],
  ["without an end, it ends with its line", "a.ts", "a = /(\n[", "]"],
  ["a division is none", "a.ts", "a /(b/ c[", ") ]"],
  ["nor is a slash before a blank", "a.ts", "a = / (", ")"],
  ["nor one before a newline", "a.ts", "a = /\n(", ")"],
  ["nor one at the end", "a.ts", "(/", ")"],
  ["nor one in a language without", "a.java", "a = /(b/; [", ") ]"],
  ["nor that of a closing tag of Svelte", "a.svelte", "{#if a}b{/if}<c>", "</c>"],
  ["but one in an expression of Svelte", "a.svelte", "{a = /{/}<b>", "</b>"],
]);

testOpenFrames("embedded code", [
  ["ends with its tag, with everything that is open", "a.html", "<script>f(</script><b>", "</b>"],
  ["a tag in the code does not end it", "a.html", "<script>f(<b>", "</script> )"],
  ["a script of PHP ends with its sign", "a.php", "<?php if (a) { ?><b>", "</b>"],
  ["an interpolation", "a.vue", "{{ a(b }}<b>", "</b>"],
]);

test("a semicolon ends a statement, a colon does not", () => {
  assert.deepEqual(tokensOf("a.ts", "a(); b: c;"), ["(", ")", ";", ";"]);
});

test("a number sign opens a comment", () => {
  assert.deepEqual(tokensOf("a.py", "a # (\n"), ["#"]);
});

test("the closer of other code is unmatched", () => {
  assert.equal(openAt("a.ts", "a] + b} + c)"), "stray ], stray }, stray )");
});

testOpenFrames("a comment in other languages", [
  ...[
    ["a.nim", "# don't ("],
    ["a.nim", "#[ don't (\n#[ [ ]# { ]#"],
    ["a.nim", "##[ don't ( ]##"],
    ["a.nim", 'a = r"\\" & re"(\\" # ('],
    ["a.coffee", "# don't ("],
    ["a.coffee", "##### ("],
    ["a.coffee", "###\ndon't (\n###"],
    ["a.coffee", "###*\n# Don't (\n###\na = (b) -> b"],
    ["a.coffee", "### Don't (\n# # [\n###"],
    ["a.pug", "// don't ("],
    ["a.vim", "\" don't ("],
    ["a.vim", '  " don\'t "open" ('],
    [".vimrc", "# don't ("],
    ["a.bat", 'REM 5" (\necho a'],
    ["a.cmd", "@rem don't ("],
    ["a.bat", '  :: 5" ('],
    ["a.bat", 'cls & rem 5" ('],
    ["a.bat", "cls & Rem don't ("],
    ["a.bat", "cls &&REM (\ncls&:: ("],
    ["a.bat", "echo ^( :)"],
    ["a.vb", "a = 1 ' don't ("],
    ["a.bas", "Rem don't ("],
    ["a.tcl", "# don't (\nlist [set a #fff]"],
    ["a.tcl", "set a 1 ;# don't {"],
    ["a.f90", "a = 1 ! don't ("],
    ["a.f", "C don't (\n* (\n      c = 1"],
    ["a.f", "Compute it (\ncall (\n! ("],
    ["a.cob", "      * don't (\n000100* ("],
    ["a.cbl", "       MOVE 1 TO A *> don't ("],
    ["a.adb", "a'b; -- don't ("],
    ["a.vhd", "if clk'event and a = '1' then -- don't ("],
    ["a.pas", "{ don't ( } (* [ *) // ["],
    ["a.asm", "mov a, b ; don't ("],
    ["a.s", "ldr r0, [r1, #4] @ don't ("],
    ["a.S", "call f@PLT # don't ("],
    ["a.awk", "/[(]/ { print } # don't ("],
    ["a.d", "a = `(\\`; /+ don't ( +/ // ["],
    ["a.d", 'a = r"C:\\"; b(); // ('],
    ["a.d", 'a = "\\" ("; b(); // ('],
    ["a.d", "/+ a /+ b +/ ( +/"],
    ["a.d", "/* a /* b ( */ /+ /* ( +/"],
    ["a.nix", "a = { }; # don't (\n/* [ */"],
    ["a.nix", "a = ''\n  5\" (wide)\n  ${b + \"}\"} '\n'';"],
    ["a.nix", "a = ''b ''${ ''' ''\\\\n ''; c'' = foldl' d;"],
    ["a.wat", "(module\n  (; a ( (; b ;) ;)\n  (func)) ;; ("],
    ["a.lean", "-- don't (\n/- [ /- { -/ -/"],
    ["a.applescript", "-- don't (\n(* [ *) # {"],
    ["meson.build", "# don't (\na = '''\n('''"],
    [".gitignore", "# don't ("],
  ].map(([file = "", text = ""]) => [`opens and closes nothing: ${file}, ${text}`, file, `${text}\n[`, "]"] as const),
  ["a word that begins like a comment is not a comment", "a.bat", "remove (\n[", ") ]"],
  ["nor is a word within a line", "a.vb", "a = rem(\n[", ") ]"],
  ["a comment holds none of another kind", "a.d", "/+ /* +/ (", ")"],
  ["an expression in a string of several lines is code", "a.nix", "a = ''${b (", "'' } )"],
  ["a pattern may begin with an exclamation mark", ".gitignore", "!a(", ")"],
  ["or hold a number sign", ".gitignore", "a #(", ")"],
  ["a string may begin a line within brackets", "a.vim", 'let a = [\n"b", [\n', "] ]"],
  ["a letter in other columns is a name", "a.f", "      c(", ")"],
]);
