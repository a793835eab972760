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
