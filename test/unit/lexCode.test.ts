import assert from "node:assert/strict";
import test from "node:test";
import { openAt, testOpenFrames, tokensOf } from "../support/openFrames.js";

testOpenFrames("code", [
  ["each bracket is open until its closer", "a.ts", "([{a}", ") ]"],
  ["nothing is open after the last closer", "a.ts", "([{a}])", ""],
  ["a line comment ends with its line", "a.ts", "// (\n[ // {", "] \n"],
  ["a slash alone is no comment", "a.ts", "a / (", ")"],
  ["a number sign within a word of a shell opens no comment", "a.sh", "a#(", ")"],
  ["a number sign after a blank opens a comment", "a.sh", "a #(\n[", "]"],
  ["a number sign after a tab opens a comment", "a.sh", "a\t#(\n[", "]"],
  ["a number sign after a semicolon opens a comment", "a.sh", "a;#(\n[", "]"],
  ["a number sign at the start of a line opens a comment", "a.sh", "a\n#(\n[", "]"],
  ["a number sign at the start of a text opens a comment", "a.sh", "#(\n[", "]"],
  ["a number sign opens a comment anywhere in Python", "a.py", "a#(\n[", "]"],
  ["a backslash makes a bracket of a shell literal", "a.sh", "\\((", ")"],
  ["a backslash makes no bracket of C literal", "a.c", "\\((", ") )"],
  ["a backslash makes a quote of a shell literal", "a.sh", "\\' (", ")"],
  ["the text of a heredoc begins below a line that ends with a backslash", "a.sh", "cat <<E \\\n(\nE\n[", "]"],
  ["an escaped newline begins a line", "a.sh", "a \\\n# (\n[", "]"],
  ["a backtick opens code in a shell", "a.sh", "a `b (", "` )"],
  ["the second backtick ends the code and everything open in it", "a.sh", "a `b (`", ""],
  ["code begins right after a backtick", "a.sh", "`(", "` )"],
  ["no code is open right after the second backtick", "a.sh", "`a`(", ")"],
  ["a comment may be empty", "a.py", "#\n(", ")"],
  ["a comment may begin with a bracket", "a.py", "#[a\n(", ")"],
  ["an attribute is no comment", "a.php", "<?php\n#[A(\n", "?> ] )"],
  ["a backtick in other code is no bracket", "a.c", "a `b (", ")"],
  ["an address in a style sheet holds no comment", "a.scss", "a { b: url(//c/d(", "} ) )"],
  ["an address in a style sheet holds no comment after more text", "a.scss", `a { b: url(${"x".repeat(76)}//`, "} )"],
  ["an address is known only near the opening bracket", "a.scss", `a { b: url(${"x".repeat(77)}//`, "} ) \n"],
  ["other brackets of a style sheet hold comments", "a.scss", "a { b: c(//d(\n", "} )"],
  ["a comment may follow a quoted address", "a.scss", "a { b: url('c' //d\n", "} )"],
  ["other languages know no address", "a.ts", "url(//a(\n", ")"],
]);

testOpenFrames("a number sign in an interpolation", [
  ["opens no comment in a format", "a.py", "f'{a:#x}' (", ")"],
  ["opens no comment in a format that contains a call", "a.py", "f'{a:{b(c)}#x}' (", ")"],
  ["opens no comment in a format that contains an index", "a.py", "f'{a:{b[1]}#x}' (", ")"],
  ["opens no comment in a format that contains a bracket in quotes", "a.py", "f'{a:{b[\"(\"]}#x}' (", ")"],
  ["opens no comment in a format that contains a bracket in apostrophes", "a.py", "f\"{a:{b['(']}#x}\" (", ")"],
  ["opens no comment in a format that contains an empty string", "a.py", "f\"{a:{b['']}#x}\" (", ")"],
  ["opens a comment after a slice", "a.py", "f'''{a[1:2] # '''\n}''' (", ")"],
  ["opens a comment after a lambda in a call", "a.py", "f'''{a(lambda: b) # '''\n}''' (", ")"],
  ["opens a comment after a dictionary", "a.py", "f'''{ {a: b} # '''\n}''' (", ")"],
  ["opens a comment if the colon is before the interpolation", "a.py", "f''':) {a # '''\n}''' (", ")"],
  ["opens a comment if the colon is in the comment", "a.py", "f'''{a #:'''\n}''' (", ")"],
  ["opens a comment if the colon is in a string", "a.py", "f'''{a[':'] # '''\n}''' (", ")"],
  ["opens a comment in an open bracket with a colon", "a.py", "f'''{(a[b:#'''\n]", "''' } )"],
  ["opens a comment without a colon", "a.py", "f'''{a # '''\n}''' (", ")"],
  ["opens a comment outside of interpolations", "a.py", "{a: #}\n(", "} )"],
  ["opens no comment in a format that begins 200 bytes before it", "a.py", `f'{a:${" ".repeat(199)}#x}' (`, ")"],
  ["opens a comment if the format begins farther away", "a.py", `f'{a:${" ".repeat(200)}#x}' (`, "' } \n"],
]);

testOpenFrames("the start of a heredoc", [
  ["is on the next line", "a.sh", "cat <<E (\n'\nE\n[", ") ]"],
  ["may be in a bracket", "a.sh", "(cat <<E\n[\nE\n", ")"],
  ["is not found after a word, which is shifted", "a.rb", "a<<E\n(", ")"],
  ["is not found after a bracket", "a.rb", "a[0]<<E\n(", ")"],
  ["is not found after a call", "a.rb", "a()<<E\n(", ")"],
  ["is not found in arithmetic", "a.sh", "$((1 <<n\n)) (", ")"],
  ["has two angle brackets, not three", "a.sh", "cat <<<E\n(", ")"],
  ["has two angle brackets, not one", "a.sh", "cat <E\n(", ")"],
  ["may have its word far from the angle brackets", "a.sh", `cat <<${" ".repeat(75)}EOF\n(\nEOF\n[`, "]"],
]);

testOpenFrames("a regular expression", [
  ["holds brackets and quotes", "a.ts", "a = /('/; [", "]"],
  ["ends before a division", "a.ts", "a = /(/ / (", ")"],
  ["may have slashes in its classes", "a.ts", "a = /[/(]/; [", "]"],
  ["ends with its line if it has no end", "a.ts", "a = /(\n[", "]"],
  ["is not begun by a division", "a.ts", "a /(b/ c[", ") ]"],
  ["is not begun by a slash before a blank", "a.ts", "a = / (", ")"],
  ["is not begun by a slash before a newline", "a.ts", "a = /\n(", ")"],
  ["is not begun by a slash at the end", "a.ts", "(/", ")"],
  ["does not exist in some languages", "a.java", "a = /(b/; [", ") ]"],
  ["is not begun by a closing tag of Svelte", "a.svelte", "{#if a}b{/if}<c>", "</c>"],
  ["may be in an expression of Svelte", "a.svelte", "{a = /{/}<b>", "</b>"],
]);

testOpenFrames("embedded code", [
  ["ends with its tag, with everything that is open", "a.html", "<script>f(</script><b>", "</b>"],
  ["does not end with a tag in the code", "a.html", "<script>f(<b>", "</script> )"],
  ["of PHP ends with `?>`", "a.php", "<?php if (a) { ?><b>", "</b>"],
  ["may be an interpolation", "a.vue", "{{ a(b }}<b>", "</b>"],
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
  ["a word within a line is not a comment", "a.vb", "a = rem(\n[", ") ]"],
  ["a comment holds no comment of another kind", "a.d", "/+ /* +/ (", ")"],
  ["an expression in a string of several lines is code", "a.nix", "a = ''${b (", "'' } )"],
  ["a pattern may begin with an exclamation mark", ".gitignore", "!a(", ")"],
  ["a pattern may hold a number sign", ".gitignore", "a #(", ")"],
  ["a string may begin a line within brackets", "a.vim", 'let a = [\n"b", [\n', "] ]"],
  ["a letter in other columns is a name", "a.f", "      c(", ")"],
]);
