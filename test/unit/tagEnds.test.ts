import { testPlaces } from "../support/insertionPlaces.js";

const element = "const A = () => (\n  <B\n    ¦\n  />\n);\n";
const input = "<form>\n  <input\n    ¦\n  />\n</form>\n";
const parent = "<form>\n  <p\n    ¦\n  >\n    a\n  </p>\n</form>\n";

testPlaces("the end of a tag below is not written twice", [
  ["generate", "a.tsx", element, "c={d}\n    e\n  />\n);\n", element.replace("¦", "c={d}\n    e")],
  ["inline", "a.tsx", element, "/>\n", null],
  ["generate", "a.vue", input, ':a="b"\n    c\n  />\n', input.replace("¦", ':a="b"\n    c')],
  ["generate", "a.html", input, 'a="b" />\n</form>\n', input.replace("¦", 'a="b"')],
  ["generate", "a.html", parent, 'a="b"\n  >\n    c\n', parent.replace("¦", 'a="b"')],
  ["generate", "a.xml", input, 'a="b"\n  />\n', input.replace("¦", 'a="b"')],
]);

const items = "<ul>\n  <li>a\n  <li>¦\n</ul>\n";
const deep = "<div>\n  <p>\n    a\n  <p>\n    ¦\n</div>\n";
testPlaces("elements without end tags are siblings", [
  ["generate", "a.html", items, "b\n  <li>c\n", items.replace("¦", "b\n  <li>c")],
  ["generate", "a.html", "<p>¦", "a\n<p>b\n", "<p>a\n<p>b"],
  ["generate", "a.html", deep, "b\n  <p>\n    c\n", deep.replace("¦", "b")],
  ["generate", "a.html", "<dl>\n<dt>a\n¦\n</dl>\n", "<dd>b\n<dt>c\n", "<dl>\n<dt>a\n<dd>b\n<dt>c\n</dl>\n"],
]);

testPlaces("the text of a paragraph may continue at any depth", [
  ["generate", "a.html", "<p>¦\n", "a b\n<b>c</b> d\n", "<p>a b\n<b>c</b> d\n"],
]);
