import { testPlaces } from "../support/insertionPlaces.js";

const inMethod = "def f(b)\n  ¦\nend\n";
const inClass = "class A\n  def f(b)\n    ¦\n  end\nend\n";
const aligned = "x = if b\n        1\n      else\n        2\n      end\n  x";
const flat = "x = if b\n    1\n  else\n    2\n  end\n  x";

testPlaces("a block that a statement assigns may be aligned with its first word", [
  ["generate", "a.rb", inMethod, `${aligned}\n`, inMethod.replace("¦", aligned)],
  [
    "generate",
    "a.rb",
    inMethod.replace("¦", "x = if b¦"),
    aligned.slice(8),
    inMethod.replace("¦", aligned.slice(0, -4)),
  ],
  [
    "generate",
    "a.rb",
    "¦\n",
    "x = case b\n    when 1\n      2\n    else\n      3\n    end\nputs x\n",
    "x = case b\n    when 1\n      2\n    else\n      3\n    end\n",
  ],
  [
    "generate",
    "a.rb",
    inMethod,
    "return begin\n           1\n         end\n",
    inMethod.replace("¦", "return begin\n           1\n         end"),
  ],
  [
    "generate",
    "a.jl",
    "¦\n",
    "x = if b\n        1\n    else\n        2\n    end\n",
    "x = if b\n        1\n    else\n        2\n    end\n",
  ],
]);

testPlaces("a block that a statement assigns may be as deep as the statement", [
  ["generate", "a.rb", inMethod, `${flat}\n`, inMethod.replace("¦", flat)],
  [
    "generate",
    "a.rb",
    inMethod.replace("\n  ¦", "\n    c = d\n    ¦"),
    `${flat}\n`,
    "def f(b)\n    c = d\n    x = if b\n        1\n    else\n        2\n    end\n    x\nend\n",
  ],
  [
    "generate",
    "a.rb",
    inClass,
    "x = case b\n  when 1\n    2\n  else\n    3\n  end\n",
    inClass.replace("¦", "x = case b\n    when 1\n      2\n    else\n      3\n    end"),
  ],
]);

testPlaces("a body is as deep as the one below the cursor's line, if nothing else is indented", [
  [
    "inline",
    "a.py",
    "def f():\n    if a:¦\n        d()\n",
    "\n        b()\n        c()\n",
    "def f():\n    if a:\n        b()\n        c()\n        d()\n",
  ],
  [
    "generate",
    "a.ts",
    "function f() {\n    if (a) {¦\n        d();\n    }\n}\n",
    "\n        b();\n        c();\n    }\n}\n",
    "function f() {\n    if (a) {\n        b();\n        c();\n        d();\n    }\n}\n",
  ],
  [
    "invoked",
    "a.rs",
    "fn f() {\n    if a {¦\n        d();\n    }\n}\n",
    "\n        b();\n        c();",
    "fn f() {\n    if a {\n        b();\n        c();\n        d();\n    }\n}\n",
  ],
]);
