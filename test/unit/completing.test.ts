import assert from "node:assert/strict";
import test from "node:test";
import type { Ending } from "../../src/core/structure/completing.js";
import { fitted } from "../../src/core/structure/insertion.js";
import { pointIn } from "../support/testInference.js";

/**
 * The cursor's line after the part of `text` that fits was inserted at ║, with that part between ├ and ┤; undefined if
 * none fits.
 */
function inserted(path: string, marked: string, text: string, ending: Ending = "open"): string | undefined {
  const point = pointIn(marked, path);
  const fit = fitted(text, point, ending);
  return fit && `${point.linePrefix}├${fit.text}┤${point.afterCursor.slice(fit.replaced)}`;
}

for (const [claim, path, marked, text, expected, ending] of [
  ["brackets before other text are closed", "a.ts", "f(║, b)", "g(", "f(├g()┤, b)"],
  ["brackets stay open before a separator", "a.ts", "x = ║;", "f(", "x = ├f(┤;"],
  ["brackets stay open before a line comment", "a.ts", "x = ║ // c", "f(", "x = ├f(┤ // c"],
  ["brackets stay open before a block comment", "a.ts", "x = ║ /* c */", "f(", "x = ├f(┤ /* c */"],
  ["brackets are closed before code after a block comment", "a.ts", "x = ║ /* c */ + d", "f(", "x = ├f()┤ /* c */ + d"],
  ["brackets are closed if nothing follows the text", "a.ts", "x = ║;", "f(", "x = ├f()┤;", "closed"],
  ["a closer without an opener after the cursor closes the text's bracket", "a.ts", "foo║)", "(b", "foo├(b┤)"],
  ["an empty list before other text is not inserted", "a.ts", "f(║)", "a = [", undefined],
  ["an empty object before other text is not inserted", "a.ts", "f(║)", "return {", undefined],
  ["an empty list is closed if nothing follows the text", "a.ts", "f(║)", "a = [", "f(├a = []┤)", "closed"],
  ["a separator in an open block is not the one after the cursor", "a.ts", "x = [║, c];", "{ a,", "x = [├{ a,}┤, c];"],
  ["a separator replaces the one after the cursor", "a.ts", "x = [a║, c];", ".b,", "x = [a├.b,┤ c];"],
  [
    "a separator replaces the one after the cursor even after spaces",
    "a.ts",
    "x = [a║ , c];",
    ".b,",
    "x = [a├.b,┤ c];",
  ],
  ["no semicolon is inserted before a closer", "a.ts", "x = [║];", "b; ", "x = [├b┤];"],
  ["an end of a tag replaces the tag's end and its end tag", "a.html", "<b║></b>", ">c</b>", "<b├>c</b>┤"],
  ["an attribute replaces nothing", "a.html", "<b║></b>", " c", "<b├ c┤></b>"],
  ["an unmatched closer below closes the text's block", "a.ts", "║\n}", "f() {\n  b();\n}", "├f() {\n  b();┤"],
  [
    "an unmatched closer below does not close a block with another closer",
    "a.ts",
    "║\n}",
    "f(() => {\n  b();\n});",
    "├f(() => {\n  b();\n});┤",
  ],
  [
    "an unmatched closer below does not close a block with another indentation",
    "a.ts",
    "  ║\n}",
    "f() {\n    b();\n  }",
    "  ├f() {\n    b();\n  }┤",
  ],
  ["a value may stay open, as a string may", "a.html", "<b║\n<c>", ' d="e', '<b├ d="e┤'],
  ["a value may stay open with everything that is open in it", "a.vue", "<b║", ' :c="d(', '<b├ :c="d(┤'],
  ["a value is closed if nothing follows the text", "a.html", "<b ║\n<c>", 'd="e', '<b ├d="e"┤', "closed"],
  ["end tags that the document omits are not added", "a.html", "<p>a\n<p>b\n║", "<p>c", "├<p>c┤", "closed"],
  [
    "end tags that the document does not omit are added",
    "a.html",
    "<p>a</p>\n<p>b</p>\n║",
    "<p>c",
    "├<p>c</p>┤",
    "closed",
  ],
  [
    "one omitted end tag does not show that end tags are omitted",
    "a.html",
    "<p>a\n<p>b</p>\n║",
    "<p>c",
    "├<p>c</p>┤",
    "closed",
  ],
  [
    "the inserted text may show that end tags are omitted",
    "a.html",
    "<ul><li>║\n</ul>",
    "b\n<li>c",
    "<ul><li>├b\n<li>c┤",
    "closed",
  ],
  [
    "the inserted text may show that its own end tags are omitted",
    "a.html",
    "║",
    "<li>b\n<li>c",
    "├<li>b\n<li>c┤",
    "closed",
  ],
  ["the end tag of the document's only element is added", "a.html", "║", "<p>b", "├<p>b</p>┤", "closed"],
  [
    "elements of other names may show that end tags are omitted",
    "a.html",
    "<dl><dt>b\n║\n</dl>",
    "<dd>c",
    "├<dd>c┤",
    "closed",
  ],
  [
    "elements that are still open show no omitted end tag",
    "a.html",
    "<li>a\n<ul>\n║",
    "<li>b",
    "├<li>b</li>┤",
    "closed",
  ],
  [
    "elements that end below show no omitted end tag",
    "a.html",
    "<li><ul>\n║\n</ul></li>",
    "<li>b",
    "├<li>b</li>┤",
    "closed",
  ],
  [
    "tags in scripts show no omitted end tag",
    "a.html",
    '<script>\na("<li>");\n</script>\n<ul>\n  ║\n</ul>',
    "<li>c",
    "  ├<li>c</li>┤",
    "closed",
  ],
  ["tags in comments show no omitted end tag", "a.html", "<!-- a <p> -->\n║", "<p>é", "├<p>é</p>┤", "closed"],
  ["tags in attribute values show no omitted end tag", "a.html", "<b c='<p>'>é</b>\n║", "<p>d", "├<p>d</p>┤", "closed"],
  ["in JSX no end tag is omitted", "a.tsx", "a = <ul><li>a\n║\n</ul>", "<li>b", "├<li>b</li>┤", "closed"],
  ["no end tag is inserted twice", "a.html", "<li>a║", " b</li></li>", "<li>a├ b</li>┤"],
  ["a heredoc is closed on a line of its own", "a.sh", "║", "cat <<EOF\na", "├cat <<EOF\na\nEOF┤", "closed"],
  [
    "a bracket around a heredoc is closed on the next line",
    "a.sh",
    "║",
    "x=$(cat <<EOF\na",
    "├x=$(cat <<EOF\na\nEOF\n)┤",
    "closed",
  ],
  [
    "a block around a heredoc is closed on the next line",
    "a.sh",
    "║",
    "if a; then\n  cat <<EOF\nb",
    "├if a; then\n  cat <<EOF\nb\nEOF\nfi┤",
    "closed",
  ],
  ["a line that begins a heredoc may stay open", "a.sh", "║", "cat <<EOF\na", "├cat <<EOF┤"],
  ["a tag is not completed", "a.html", "║", "<b c", undefined, "closed"],
  ["the tag of a script is not completed", "a.html", "║", "<script>\na();", undefined, "closed"],
  ["of a string of several lines, the first is kept", "a.ts", "║", "x = `a\nb", "├x = `a`┤", "closed"],
  ["a string on the last line is closed", "a.ts", "║", 'f();\ng("a', '├f();\ng("a")┤', "closed"],
  ["an interpolation in a string on the last line is closed", "a.kt", "║", 'f()\ng("${a', '├f()\ng("${a}")┤', "closed"],
  ["a block comment on the last line is closed", "a.ts", "x = ║ + d", "a /* c", "x = ├a /* c*/┤ + d"],
  ["a bracket is not closed in a line comment", "a.ts", "║", "f(\n  a // c", "├f(\n  a // c\n)┤", "closed"],
  [
    "a block is closed on a line of its own",
    "a.ts",
    "  ║",
    "f(() => {\n    a();",
    "  ├f(() => {\n    a();\n  })┤",
    "closed",
  ],
  [
    "a block of words is closed on a line of its own",
    "a.lua",
    "║",
    "if a then\n  b()",
    "├if a then\n  b()\nend┤",
    "closed",
  ],
  ["an element is closed on a line of its own", "a.html", "║", "<div>\n  a", "├<div>\n  a\n</div>┤", "closed"],
  ["a bracket that ends its line is closed on a line of its own", "a.ts", "║", "f(\n  a", "├f(\n  a\n)┤", "closed"],
  ["other brackets are not closed on a line of their own", "a.ts", "║", "f(a,\n  b", "├f(a,\n  b)┤", "closed"],
  ["closers after a line of a block get a line of their own", "a.ts", "  f({\n    a,\n    ║})", "b,", "    ├b,\n  })┤"],
  ["closers before other text stay on its line", "a.ts", "  f({\n    a,\n    ║}) => {", "b,", "    ├b,\n  ┤}) => {"],
] as const) {
  test(claim, () => {
    assert.equal(inserted(path, marked, text, ending), expected);
  });
}
