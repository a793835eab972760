import assert from "node:assert/strict";
import test from "node:test";
import { missingBlockEnd } from "../../src/core/structure/blockEnd.js";
import { pointIn } from "../support/testInference.js";

/** A claim, a file, a document with the cursor as ║, and the missing end. */
const places: readonly (readonly [claim: string, path: string, document: string, end: string | undefined])[] = [
  ["a function at the end", "a.ts", "function f() {║\n", "}"],
  ["a function without a newline", "a.ts", "function f() {║", "}"],
  ["blanks after the brace", "a.ts", "function f() { ║ \n", "}"],
  ["a block within a closed function", "a.ts", "function f() {\n  if (a) {║\n}\n", "}"],
  ["a block before a statement", "a.ts", "function f() {\n  if (a) {║\n  return b;\n}\n", "}"],
  ["a call with a function", "a.ts", 'describe("a", () => {║\n', "})"],
  ["nested calls", "a.ts", "foo([bar(() => {║\n", "})])"],
  ["a method below its body", "a.ts", "class A {\n  b() {║\n    c();\n  }\n}\n", undefined],
  ["a closed block", "a.ts", "if (a) {║\n}\n", undefined],
  ["a block closed on the line", "a.ts", "if (a) {║}\n", undefined],
  ["text after the cursor", "a.ts", "if (a) {║ b(); }\n", undefined],
  ["a line that opens no block", "a.ts", "if (a) {\n  b();║\n", undefined],
  ["a parenthesis", "a.ts", "foo(║\n", undefined],
  ["a branch", "a.ts", "if (a) {\n  b();\n} else {║\n", "}"],
  ["a branch above a closed one", "a.ts", "if (a) {\n  b();\n} else if (c) {║\n} else {\n  d();\n}\n", undefined],
  ["a brace in a string", "a.ts", 'const a = "{║\n', undefined],
  ["a brace in a comment", "a.ts", "// {║\n", undefined],
  ["an interpolation", "a.ts", "const a = `${║\n", undefined],
  ["an object in a list that is closed below", "a.ts", "const a = [\n  {║\n];\n", "}"],
  ["an argument above the closer of its call", "a.ts", "foo(\n  () => {║\n);\n", "}"],
  ["a function in Go", "a.go", "package a\n\nfunc b() {║\n\nfunc c() {\n}\n", "}"],
  ["a rule in CSS", "a.css", ".a {║\n\n.b {\n  color: red;\n}\n", "}"],
  ["an object in JSON", "a.json", '{\n  "a": {║\n}\n', "}"],
  ["a dictionary in Python", "a.py", "a = {║\n", "}"],
  ["a function in a shell", "a.sh", "f() {║\n", "}"],
  ["content below at the end", "a.ts", "if (a) {║\n  b();\n", undefined],
  ["a continuation", "a.c", "void f(int a,\n       int b) {║\n", undefined],
  ["code in a template", "a.ts", "foo(`${a(() => {║\n", undefined],
  ["a parameter expansion", "a.sh", "echo ${║\n", undefined],
  ["a sentence", "a.md", "text {║\n", undefined],
  ["an unknown language", "a.xyz", "a {║\n", undefined],
  ["a sentence in TeX", "a.tex", "\\section{║\n", undefined],
  ["an element", "a.html", "<body>\n  <div>║\n</body>\n", "</div>"],
  ["an element with attributes", "a.html", '<a href="b">║\n', "</a>"],
  ["an item above another", "a.html", "<ul>\n  <li>║\n  <li>b</li>\n</ul>\n", "</li>"],
  ["elements of one line", "a.html", "<ul><li>║\n", "</li></ul>"],
  ["an element that is closed below", "a.html", "<div>║\n</div>\n", undefined],
  ["an element whose content is below", "a.html", "<div>║\n  <p>a</p>\n", undefined],
  ["an element without content", "a.html", "<br>║\n", undefined],
  ["an end tag", "a.html", "<p>\n  <b>a</b>║\n</p>\n", undefined],
  ["an angle bracket in the text of an element", "a.html", "<p>a >║\n", undefined],
  ["an arrow in an attribute", "a.tsx", "const a = (\n  <Foo b={() => c} d>║\n);\n", "</Foo>"],
  ["a script", "a.html", "<body>\n  <script>║\n</body>\n", "</script>"],
  ["code in a script", "a.html", "<script>\n  if (a >║\n</script>\n", undefined],
  ["an element in JSX", "a.tsx", "const a = (\n  <div>║\n);\n", "</div>"],
  ["a fragment", "a.tsx", "const a = (\n  <>║\n);\n", "</>"],
  ["an element that closes itself", "a.tsx", "const a = (\n  <Foo />║\n);\n", undefined],
  ["the head of a function in JSX", "a.tsx", "const a = () =>║\n", undefined],
  ["a function in an attribute", "a.tsx", "const a = (\n  <Foo\n    onB={() =>║\n", undefined],
  ["an element of a component", "a.vue", "<template>\n  <div>║\n</template>\n", "</div>"],
  ["an element in XML", "a.xml", "<a>\n  <b>║\n</a>\n", "</b>"],
  ["an angle in an attribute's value", "a.vue", '<template>\n  <A :b="c > d">║\n</template>\n', "</A>"],
  ["an element whose content is not indented", "a.tsx", "return (\n  <div>║\n  <p>a</p>\n  </div>\n);\n", undefined],
  [
    "an element above a complete one of its kind",
    "a.tsx",
    "return (\n  <div>║\n  <div>\n  <p>a</p>\n  </div>\n);\n",
    "</div>",
  ],
  ["a block whose content is not indented", "a.ts", "f(() => {\n  if (a) {║\n  b();\n  }\n});\n", undefined],
  ["a macro", "a.c", "#define A {║\n", undefined],
  ["PHP in a page", "a.php", "<div>\n  <?php if ($a->║\n", undefined],
  ["a definition in Python", "a.py", "def f():║\n", undefined],
];

for (const [claim, path, document, end] of places) {
  test(`the missing end of a block: ${claim}`, () => {
    assert.equal(missingBlockEnd(pointIn(document, path)), end);
  });
}
