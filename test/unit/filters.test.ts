import assert from "node:assert/strict";
import test from "node:test";
import { applyFilters } from "../../src/core/filters/applyFilters.js";
import { pointIn } from "../support/testInference.js";

/** The cursor's line after `text` was inserted, with the part that the filters keep between ├ and ┤. */
function shown(marked: string, text: string, path?: string): string {
  const point = pointIn(marked, path);
  const { linePrefix, afterCursor } = point;
  const insertion = applyFilters(text, point);
  if (typeof insertion === "string") return linePrefix + afterCursor;
  return `${linePrefix}├${insertion.text}┤${afterCursor.slice(insertion.replaced)}`;
}

test("if nothing is left of a text, the reason is that of the filter that removed the last of it", () => {
  const reasons = [
    ["a = ║", "  \n ", "onlyWhitespace"],
    ["a = ║", "\u0000b", "unreadable"],
    ["add(║first, second)", "first", "repeatsAfterCursor"],
    ["f();\n║", "}", "unbalanced"],
    ["let a = 1;\nret║\nreturn a;", "urn a;", "repeatsBelow"],
    ["  return a;\n  ret║", "urn a;", "repeatsAbove"],
    ["switch (a) {\n  ║\n  case 2:\n    c();\n  case 1:\n    b();\n}", "case 1:", "repeatsBelow"],
  ] as const;
  for (const [marked, text, reason] of reasons) assert.equal(applyFilters(text, pointIn(marked)), reason, marked);
});

test("text that is only whitespace is not shown, nor is whitespace at the end", () => {
  assert.equal(shown("a = ║", "  \n "), "a = ");
  assert.equal(shown("a = ║", "1;  "), "a = ├1;┤");
});

test("text is cut before invalid characters and control characters", () => {
  assert.equal(shown("a = ║", "\ufffd"), "a = ");
  assert.equal(shown("a = ║", "1\u0000 + 2"), "a = ├1┤");
});

test("the next line is not repeated", () => {
  assert.equal(shown("let a = 1;\nret║\nreturn a;", "urn a;"), "ret");
  assert.equal(shown("if (x) {\n  ║\n  stop();\n}", "start();\n  stop();"), "  ├start();┤");
});

test("an inner closer is not mistaken for the outer one below", () => {
  const text = "if (x) {\n    y();\n  }\n  return z;";
  assert.equal(shown("function f() {\n  ║\n}", text), `  ├${text}┤`);
  assert.equal(shown("<ul>\n  <li>\n  ║\n</ul>", "</li>", "a.html"), "  ├</li>┤");
  assert.equal(shown("f(() => {\n  g(() => {\n    h(() => {\n    });\n  ║\n});", "});"), "  ├});┤");
});

test("a closer may be followed by another one on the next line", () => {
  assert.equal(shown("f(() => {\n  if (a) {\n    if (b) {\n    }\n  ║\n})", "}"), "  ├}┤");
});

test("the line above is not repeated", () => {
  assert.equal(shown("  total += 1;\n  ║", "total += 1;"), "  ");
  assert.equal(shown("  total += 1;\n  ║", "total += 2;"), "  ├total += 2;┤");
});

test("the text's closing brackets and quotes replace those after the cursor", () => {
  assert.equal(shown("call(║)", "a, b);"), "call(├a, b);┤");
  assert.equal(shown("call(║)", "a, b"), "call(├a, b┤)");
  assert.equal(shown("call([║])", "1, 2]);"), "call([├1, 2]);┤");
  assert.equal(shown('say("║")', 'hello")'), 'say("├hello")┤');
  assert.equal(shown("call(║)", "inner(1)"), "call(├inner(1)┤)");
  assert.equal(shown("list.map((x) => f(║));", "x)"), "list.map((x) => f(├x)┤);");
});

test("only what the text itself closes is replaced", () => {
  assert.equal(shown("  a: ║,", "{ x: 1, y: 2 }"), "  a: ├{ x: 1, y: 2 }┤,");
  assert.equal(shown("  a: ║,", "f(1, 2),"), "  a: ├f(1, 2),┤");
  assert.equal(shown("for (║;", "i = 0; i < n; i++) {"), "for (├i = 0; i < n; i++) {┤;");
  assert.equal(shown("new Map<║>()", "string, (x) => void"), "new Map<├string, (x) => void┤>()");
  assert.equal(shown("if (f(║))", "g(a < b)"), "if (f(├g(a < b)┤))");
  assert.equal(shown('print("║")', 'a", "b")'), 'print("├a", "b")┤');
  assert.equal(shown("new Map<║>()", "string, number>()"), "new Map<├string, number┤>()");
});

for (const [name, marked, text, expected, path] of [
  ["an f-string", "print(f'║')", "{name}')", "print(f'├{name}')┤", "a.py"],
  ["a raw string", "re.compile(r'║')", "\\d+')", "re.compile(r'├\\d+')┤", "a.py"],
  ["an interpolation in a template literal", "x = `${║}`", "a}`", "x = `${├a}`┤"],
  ["an interpolation in an f-string", 'x = f"{║}"', 'a} b"', 'x = f"{├a} b"┤', "a.py"],
  ["an f-string with a brace of its own", 'x = f"{{║"', 'a}} {b}"', 'x = f"{{├a}} {b}"┤', "a.py"],
  ["an interpolation in a Ruby string", 'puts "#{║}"', 'name}!"', 'puts "#{├name}!"┤', "a.rb"],
  ["a string that interpolates nothing", 'find("║")', '${")', 'find("├${")┤'],
  ["a string within an interpolation", "f(`${g(║)}`)", '"}`")}`)', 'f(`${g(├"}`")}`)┤'],
  ["a docstring", '"""║"""', 'Says "hello"."""', '"""├Says "hello"."""┤', "a.py"],
  ["after an escaped backslash", 'split("\\\\", ║)', "2)", 'split("\\\\", ├2)┤'],
  ["before an escaped backslash", "s = '║'", "it\\\\'", "s = '├it\\\\'┤"],
  ["before an escaped quote", "s = '║'", "it\\'s", "s = '├it\\'s┤'"],
  ["after a lifetime", "fn foo<'a>(x: ║)", "i32)", "fn foo<'a>(x: ├i32)┤", "a.rs"],
  [
    "after lifetimes",
    "fn foo<'a, 'b>(x: &'a str, y: ║)",
    "&'b str)",
    "fn foo<'a, 'b>(x: &'a str, y: ├&'b str)┤",
    "a.rs",
  ],
  ["before a lifetime", "fn foo<'a>(x: ║)", "&'a str) -> &'a str {", "fn foo<'a>(x: ├&'a str) -> &'a str {┤", "a.rs"],
  ["in an attribute", "<a title='║'>", "one, two'>", "<a title='├one, two'>┤", "a.html"],
  ["after strings that are added", "log('a, b' +'c d', ║)", "e)", "log('a, b' +'c d', ├e)┤"],
  ["after an apostrophe", "don't(║)", "a)", "don't(├a)┤", "a.txt"],
  ["before an apostrophe", 'say("║")', "don't\")", 'say("├don\'t")┤'],
  ["after a name with a prime", "let f' = g (║)", "x)", "let f' = g (├x)┤", "a.hs"],
] as const) {
  test(`closers are not doubled: ${name}`, () => {
    assert.equal(shown(marked, text, path), expected);
  });
}

test("a comment after the closers is no obstacle, in any language", () => {
  assert.equal(shown("f(║) // note", "a, b"), "f(├a, b┤) // note");
  assert.equal(shown("f(║)  # note", "a, b", "a.py"), "f(├a, b┤)  # note");
  assert.equal(shown("local x = f(║ -- note", "{", "a.lua"), "local x = f(├{┤ -- note");
  assert.equal(shown("local x = ║ -- note", "f(a)", "a.lua"), "local x = ├f(a)┤ -- note");
});

test("the cursor may be in a raw string with any delimiter", () => {
  assert.equal(shown('s = R"x(\n  ║\n  more\n)x";', "text", "a.cpp"), "  ├text┤");
});

test("only complete words are compared, in any script", () => {
  assert.equal(shown("a = f(║größe);", "größ + größe"), "a = f(├größ + ┤größe);");
});

test("closers are not doubled after a space", () => {
  assert.equal(shown("foo({ ║ })", "a: 1 })"), "foo({ ├a: 1 })┤");
  assert.equal(shown("foo({ ║ })", "a: 1 }"), "foo({ ├a: 1 }┤)");
  assert.equal(shown("const a = { ║ }", "b: 1 }"), "const a = { ├b: 1 }┤");
  assert.equal(shown("const a = { ║ }", "b: 1"), "const a = { ├b: 1┤ }");
  assert.equal(shown("const a = [ ║ ];", "1, 2 ];"), "const a = [ ├1, 2 ];┤");
});

test("the text after the cursor is not repeated before it", () => {
  assert.equal(shown("let x = ║ + 1;", "y + 1;"), "let x = ├y┤ + 1;");
});

test("new lines get the document's indentation", () => {
  assert.equal(shown("\tif (x) {\n\t\t║", "a();\n        b();"), "\t\t├a();\n\t\tb();┤");
  assert.equal(shown("/**\n * Doc.\n */\n  if (x) {\n    ║", "a();\n\t\tb();"), "    ├a();\n    b();┤");
  assert.equal(shown("  if (x) {\n    ║", "a();\n\t\tb();"), "    ├a();\n    b();┤");
});

test("in a document with tabs, spaces for alignment are kept", () => {
  const comment = "/**\n\t\t * Doc\n\t\t */";
  assert.equal(shown("class A {\n\tif (x) {\n\t\t║", comment), `\t\t├${comment}┤`);
  assert.equal(shown("if (x) {\n\ta();\n}\n║", "/**\n * Doc\n */"), "├/**\n * Doc\n */┤");
  assert.equal(shown("if (x) {\n\t║", "/**\n     * Doc\n     */"), "\t├/**\n\t * Doc\n\t */┤");
  assert.equal(shown("if (x) {\n\t║", "foo(a,\n\t    b);"), "\t├foo(a,\n\t    b);┤");
  assert.equal(shown("if (x) {\n\t║", "foo(\n        b\n    );"), "\t├foo(\n\t\tb\n\t);┤");
});

/** The indentation unit that is inferred from a text; undefined if it has no indented lines. */
function unitIn(text: string): string | undefined {
  const { unit, isUnitKnown } = pointIn(`${text}\n║`);
  return isUnitKnown ? unit : undefined;
}

test("the unit is the most frequent indentation of a block; alignment does not count", () => {
  const licence = "/*\n Copyright somebody\n All rights reserved\n*/\n";
  assert.equal(unitIn(`${licence}class A {\n    f() {\n        a();\n    }\n}`), "    ");
  assert.equal(unitIn(`${licence}class A {}`), undefined);
  assert.equal(unitIn("f(a,\n  b);\nif (x) {\n    a();\n}"), "    ");
  assert.equal(unitIn("if (x) {\n\ta();\n\tb();\n}\nf(a,\n  b);"), "\t");
  assert.equal(unitIn("const a = `\n\t\tx\n\t\ty`;\nif (x) {\n  a();\n}"), "  ");
});
