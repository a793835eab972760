import assert from "node:assert/strict";
import test from "node:test";
import { missingBlockEnd } from "../../src/core/structure/blockEnd.js";
import { pointIn } from "../support/testInference.js";

/** A claim, a file, a document with the cursor as ║, and what is missing. */
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
  ["an unknown language", "a.tex", "\\section{║\n", undefined],
  ["a definition in Python", "a.py", "def f():║\n", undefined],
];

for (const [claim, path, document, end] of places) {
  test(`the missing end of a block: ${claim}`, () => {
    assert.equal(missingBlockEnd(pointIn(document, path)), end);
  });
}
