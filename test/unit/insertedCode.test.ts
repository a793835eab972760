import assert from "node:assert/strict";
import test from "node:test";
import { TextDocument } from "vscode-languageserver-textdocument";
import { insertion } from "../../src/server/insertion.js";
import { FakeModel } from "../support/fakeModel.js";
import { testEngine } from "../support/testEngine.js";

const { engine } = testEngine(new FakeModel());

/** The document after code was inserted at ¦, or in place of the text between « and ». */
function inserted(marked: string, code: string): string {
  const [from, to] = marked.includes("¦")
    ? [marked.indexOf("¦"), marked.indexOf("¦")]
    : [marked.indexOf("«"), marked.indexOf("»") - 1];
  const text = marked.replace(/[¦«»]/g, "");
  const document = TextDocument.create("file:///src/a.ts", "typescript", 1, text);
  engine.documents.open({ uri: document.uri, headerPath: "src/a.ts" }, text);
  const range = { start: document.positionAt(from), end: document.positionAt(to) };
  const result = insertion(engine, document, {
    textDocument: { uri: document.uri },
    range,
    text: code,
    indentUnit: "  ",
  });
  assert.ok(result);
  return TextDocument.applyEdits(document, [
    { range: { ...range, end: document.positionAt(to + result.replaced) }, newText: result.text },
  ]);
}

const block = "function add(a: number, b: number) {\n    return a + b;\n}";

for (const [claim, marked, code, expected] of [
  [
    "code before other text at a line's start is a line of its own",
    "¦export interface A {}\n",
    block,
    "function add(a: number, b: number) {\n  return a + b;\n}\nexport interface A {}\n",
  ],
  ["no newline is added if nothing follows the code", "let a;\n¦\n", "let b;", "let a;\nlet b;\n"],
  ["no second newline is added after one", "¦let a;\n", "let b;\n", "let b;\nlet a;\n"],
  [
    "code gets the document's indentation",
    "class A {\n  one() {\n    return 1;\n  }\n\n  ¦\n}\n",
    "two() {\n        if (a) {\n                return 2;\n        }\n}",
    "class A {\n  one() {\n    return 1;\n  }\n\n  two() {\n    if (a) {\n      return 2;\n    }\n  }\n}\n",
  ],
  [
    "indentation shared by all lines is removed",
    "class A {\n  one() {\n    return 1;\n  }\n\n¦\n}\n",
    "        two() {\n          return 2;\n        }",
    "class A {\n  one() {\n    return 1;\n  }\n\n  two() {\n    return 2;\n  }\n}\n",
  ],
  [
    "before a statement, code gets the statement's indentation",
    "function f() {\n  ¦return 1;\n}\n",
    "if (a) {\n  b();\n}",
    "function f() {\n  if (a) {\n    b();\n  }\n  return 1;\n}\n",
  ],
  [
    "code gets the statement's indentation even if the cursor is in column 0",
    "function f() {\n¦  return 1;\n}\n",
    "a();\nb();",
    "function f() {\n  a();\n  b();\n  return 1;\n}\n",
  ],
  [
    "a statement's own indentation counts, whatever its block's is",
    "function f() {\n  a();\n¦      return 1;\n}\n",
    "b();",
    "function f() {\n  a();\n      b();\n      return 1;\n}\n",
  ],
  [
    "before a closer, code gets the block's indentation and is a line of its own",
    "function f() {\n¦}\n",
    "return 1;",
    "function f() {\n  return 1;\n}\n",
  ],
  [
    "code that ends with a line end gets no second one before other text",
    "¦let a;\n",
    "if (b) {\n}\n",
    "if (b) {\n}\nlet a;\n",
  ],
  ["if closers are dropped before other text, its line end stays", "f();\n¦let a;\n", "g(); }", "f();\ng();\nlet a;\n"],
  ["closers after the cursor are not doubled", "use(wrap(¦));\n", '"a"));', 'use(wrap("a"));\n'],
  [
    "a closer on the next line is not doubled",
    "function f() {\n  ¦\n}\n",
    "return 1;\n}",
    "function f() {\n  return 1;\n}\n",
  ],
  [
    "the margin of code selected from its first word comes from the later lines",
    "class A {\n  ¦\n}\n",
    "two() {\n        return 2;\n    }",
    "class A {\n  two() {\n    return 2;\n  }\n}\n",
  ],
  ["an unmatched closer is left out with the space before it", "f();\n¦\n", "return a; }", "f();\nreturn a;\n"],
  ["code that cannot be fitted is not changed", "f();\n¦\n", "} else {", "f();\n} else {\n"],
  [
    "nothing but closers is dropped",
    "function f() {\n  ¦\n}\n",
    "return 1;\n}\n\nfunction g() {\n  return 2;\n}",
    "function f() {\n  return 1;\n  }\n\n  function g() {\n    return 2;\n  }\n}\n",
  ],
  ["a selection within a line stays within it", "«foo».bar();\n", "baz", "baz.bar();\n"],
  [
    "code that replaces complete lines gets their indentation",
    "function f() {\n«  a();\n  b();\n»  c();\n}\n",
    "if (a) {\n    b();\n}\n",
    "function f() {\n  if (a) {\n    b();\n  }\n  c();\n}\n",
  ],
  [
    "a replaced closer does not count",
    "function f() {\n«  a();\n}\n»let b;\n",
    "  c();\n}\n",
    "function f() {\n  c();\n}\nlet b;\n",
  ],
  ["line endings become LF, which the editor converts", "¦\n", "a();\r\nb();", "a();\nb();\n"],
] as const) {
  test(claim, () => {
    assert.equal(inserted(marked, code), expected);
  });
}
