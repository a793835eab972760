import assert from "node:assert/strict";
import { test } from "node:test";
import { grammarOf } from "../../src/core/structure/languages.js";
import { Lexer } from "../../src/core/structure/lexer.js";
import { initialState } from "../../src/core/structure/lexerCursor.js";
import { openAt } from "../support/openFrames.js";

const open: readonly (readonly [name: string, text: string, closers: string])[] = [
  ["a.ts", "f(a, [b, { c: `x${y(", ") ] } ` } )"],
  ["a.ts", "const a = '(' + \"[\" + `{`; // (\n/* { */ f(", ")"],
  ["a.ts", "const r = /[(/]\\/(/.test(x); g(", ")"],
  ["a.ts", "const q = a / b; const p = (c / d; h[", ") ]"],
  ["a.ts", "const s = 'never closed\nf(", ")"],
  ["a.tsx", "return <div className={x}>it's {y ? <b>1</b> : <br />}", "</div>"],
  ["a.tsx", "const a = b < c; const f = <T,>(x: T) => { return (", "} )"],
  ["a.py", 'x = f\'{a["b"]:>{width}}\' + f("""it\'s (\n""", [', ") ]"],
  ["a.py", "print(f'{id:#x}', (", ") )"],
  ["a.py", "x = foo(1,\ndef bar(", ")"],
  ["a.rs", "fn f<'a>(x: &'a str) -> char { let c = '{'; let r = r#\"\"(\"#; g(", "} )"],
  ["a.cpp", 'auto s = R"x()")x"; int n = 1\'000; f({', ") }"],
  ["a.go", 'q := `\n{(` + "("\nf(func() {', ") }"],
  ["a.cs", 'var s = @"c:\\" + $"{a(b)}" + f(', ")"],
  ["a.kt", 'val s = "${list.map { it }} (" + f(', ")"],
  ["a.rb", 'def f(x)\n  return 1 if x\n  items.each do |i|\n    puts "#{i} ("\n    if i\n', "end end end"],
  ["a.rb", "while x do\n  y\nend\ndef sq(x) = x * x\nmodule A\n", "end"],
  ["a.lua", "local function f(a)\n  if a then\n    for i = 1, 2 do\n      s = [[ end ( ]]\n", "end end end"],
  ["a.sh", 'if [ -f x ]; then\n  echo "it\'s $(date)" # (\n  for a in b; do\n', "fi done"],
  [
    "a.html",
    "<ul>\n<li>it's <a href='x>'>one</a>\n<br>\n<script>if (a < b) { f('</x>') }</script>\n<p>",
    "</ul> </li> </p>",
  ],
  ["a.vue", '<template>\n  <div v-if="a > b">{{ x }}', "</template> </div>"],
  ["a.php", "<p><?php if ($a) { echo \"x{$b['c']}\"; ", "</p> ?> }"],
  ["a.json", '{ "a": ["}", {', "} ] }"],
  ["a.sql", "CREATE TABLE t ( -- (\n a TEXT DEFAULT 'it''s (', b INT CHECK (", ") )"],
  ["a.yaml", "a: it's fine\nb: 'x [' # [\nc: [1, {", "] }"],
  ["a.xyz", 'don\'t (\n  "[" {', ") }"],
  ["a.cs", 'f("a\\"b", @"c:\\", $"{d}", (', ") )"],
  ["a.rs", 'f("a\\"b", r"c:\\", (', ") )"],
  ["a.lua", "--[[ don't\nif x then\n]]\nfunction f()\n", "end"],
  ["a.jl", "#= it's ( =#\nfunction f(a)\n  x = a[end]\n  y = (", "end )"],
  ["a.rb", "def f(x)\n  return if x.nil?\n  x.save! unless x.saved?\n  y = if x", "end end"],
  ["a.sh", "if ! grep x; then\n  while ! y; do\n", "fi done"],
  ["a.php", "<?php // don't ?>\n<p>", "</p>"],
  ["a.html", "<style>a { b: url(https://c/d) }</style><p>", "</p>"],
  ["a.html", "<ul><li><p>one<li>", "</ul> </li>"],
  ["a.html", "<ul><li><b>one<li>", "</ul> </li>"],
  ["a.html", "<ul><li><div>one<li>", "</ul> </li> </div> </li>"],
  ["a.jl", "c = '\\u1234'; d = 'é'; f(", ")"],
  ["a.tsx", "const f = <T extends object>(x: T) => {\n", "}"],
];
for (const [name, text, closers] of open) {
  test(`${name}: the frames open after ${JSON.stringify(text.slice(-40))}`, () => {
    assert.equal(openAt(name, text), closers);
  });
}

test("a closer with an outer opener's indentation closes that one: the inner opener was left open", () => {
  assert.equal(openAt("a.ts", "function f() {\n  if (x) {\n    g();\n}\n"), "");
  assert.equal(openAt("a.ts", "class A {\n  f() {\n    g(1,\n  }\n"), "}");
});

test("a closer indented less than its opener's line closes it if no outer opener has that indentation", () => {
  assert.equal(openAt("a.cpp", "namespace a {\nclass B\n    : public C {\n public:\n  int x;\n};\n"), "}");
  assert.equal(openAt("a.ts", "if (\n    a &&\n    b) {\n  f();\n}\n"), "");
});

test("a closer without an opener is unmatched", () => {
  assert.equal(openAt("a.ts", "f());\n}"), "stray ), stray }");
  assert.equal(openAt("a.tsx", "const a = <b></i></b>;"), "stray </i>");
});

test("text with endless nesting is lexed to a depth of 1,000", () => {
  const bytes = new Uint8Array(2e6).fill(0x28);
  const lexer = new Lexer(bytes, 0, initialState(grammarOf("a.ts")));
  lexer.advance(bytes.length);
  assert.equal(lexer.frame.depth, 1000);
});
