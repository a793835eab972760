import { testPlaces } from "../support/insertionPlaces.js";

const documented = "/**\n * Does c.\n */\nexport function c() {\n  return 1;\n}\n";
const inherited = "/**\n   * {@inheritDoc}\n   */\n  ";
const objects = '[\n  {\n    "a": 1\n  },\n  ¦\n  {\n    "a": 3\n  }\n]\n';
/** A text so long that the examined lines begin within its first block of code. */
const longBlocks = `\`\`\`js\n${"f();\n".repeat(250)}\`\`\`\n\n\`\`\`js\ng();\n`;
const constrained = "class A<B>\n    where B : C\n    ¦\n";

testPlaces("a bracket or word that is below is written only once", [
  [
    "generate",
    "a.cs",
    `${constrained}{\n}\n`,
    "where C : D\n{\n}\n",
    `${constrained.replace("¦", "where C : D")}{\n}\n`,
  ],
  [
    "generate",
    "a.cpp",
    "A::A(int b)\n    : b_(b)\n    ¦\n{\n}\n",
    ", c_{1}\n{\n}\n",
    "A::A(int b)\n    : b_(b)\n    , c_{1}\n{\n}\n",
  ],
  [
    "generate",
    "a.rs",
    "fn f<T>()\nwhere\n    T: A,\n    ¦\n{\n    g();\n}\n",
    "T::B: C,\n{\n    h();\n}\n",
    "fn f<T>()\nwhere\n    T: A,\n    T::B: C,\n{\n    g();\n}\n",
  ],
  ["generate", "a.md", `${longBlocks}¦\n\`\`\`\n`, "h();\n```\n\nAnd.\n", `${longBlocks}h();\n\`\`\`\n`],
  ["generate", "a.md", "```js\nf();\n¦\n```\n\nMore.\n", "g();\n```\n\nAnd.\n", "```js\nf();\ng();\n```\n\nMore.\n"],
  [
    "generate",
    "a.rs",
    "/// ```\n/// f();\n/// ¦\n/// ```\nfn g() {}\n",
    "g();\n/// ```\n/// And.\n",
    "/// ```\n/// f();\n/// g();\n/// ```\nfn g() {}\n",
  ],
  [
    "generate",
    "a.rb",
    "case a\nwhen 1\n  b\n¦\nelse\n  c\nend\n",
    "when 2\n  d\nelse\n  c\nend\n",
    "case a\nwhen 1\n  b\nwhen 2\n  d\nelse\n  c\nend\n",
  ],
  [
    "generate",
    "a.json",
    objects,
    '{\n    "a": 2\n  },\n  {\n    "a": 3\n  }\n]\n',
    objects.replace("¦", '{\n    "a": 2\n  },'),
  ],
  ["generate", "a.json", objects, '{\n    "a": 3\n  },\n', null],
  [
    "generate",
    "a.rb",
    "def a\n  b\n¦\nensure\n  c\nend\n",
    "rescue D\n  e\nensure\n  f\nend\n",
    "def a\n  b\nrescue D\n  e\nensure\n  c\nend\n",
  ],
]);

testPlaces("a line like the one below that has another partner stays", [
  ["generate", "a.md", "¦\n```\na\n```\n", "```\nb\n```\n", "```\nb\n```\n```\na\n```\n"],
  [
    "generate",
    "a.cs",
    "a();\n¦\n{\n    c();\n}\n",
    "if (b)\n{\n    d();\n}\n",
    "a();\nif (b)\n{\n    d();\n}\n{\n    c();\n}\n",
  ],
  ["generate", "a.json", objects, '{\n    "a": 2\n  },\n', objects.replace("¦", '{\n    "a": 2\n  },')],
  [
    "generate",
    "a.json",
    objects,
    '{\n    "a": 3,\n    "b": 4\n  },\n',
    objects.replace("¦", '{\n    "a": 3,\n    "b": 4\n  },'),
  ],
  [
    "generate",
    "a.rb",
    "if a\n  ¦\nelse\n  c\nend\n",
    "if b\n    d\n  else\n    e\n  end\n",
    "if a\n  if b\n    d\n  else\n    e\n  end\nelse\n  c\nend\n",
  ],
]);

testPlaces("a copy of the lines below may begin with punctuation", [
  [
    "generate",
    "a.ts",
    `const a = b;\n¦\n${documented}`,
    `const d = e;\n${documented}`,
    `const a = b;\nconst d = e;\n${documented}`,
  ],
  [
    "generate",
    "a.ts",
    `const a = b;\n¦\n${documented}`,
    `const d = e;\n${documented.slice(0, 12)}`,
    `const a = b;\nconst d = e;\n${documented}`,
  ],
  [
    "generate",
    "a.ts",
    "/**\n * A.\n * ¦\n *\n * @param b c\n */\n",
    "D.\n *\n * @param b c\n */\n",
    "/**\n * A.\n * D.\n *\n * @param b c\n */\n",
  ],
  ["generate", "a.py", "# A\n# ¦\n#\n# C\nd = 1\n", "b\n#\n# C\nd = 1\n", "# A\n# b\n#\n# C\nd = 1\n"],
  [
    "generate",
    "a.js",
    "/* ----\n * A\n * ¦\n * ---- */\n",
    "B\n * ---- */\nvar a;\n",
    "/* ----\n * A\n * B\n * ---- */\n",
  ],
  [
    "generate",
    "a.py",
    'def f():\n    """A.\n\n    ¦\n\n    ===\n    C\n    """\n',
    'B\n\n    ===\n    C\n    """\n',
    'def f():\n    """A.\n\n    B\n\n    ===\n    C\n    """\n',
  ],
]);

testPlaces("two comments may begin alike", [
  [
    "generate",
    "a.ts",
    `class A {\n  ¦\n\n  ${inherited}b() {\n  }\n}\n`,
    `${inherited}c() {\n  }\n`,
    `class A {\n  ${inherited}c() {\n  }\n\n  ${inherited}b() {\n  }\n}\n`,
  ],
]);

testPlaces("the lines of a string or comment are compared as well", [
  [
    "generate",
    "a.ts",
    "const a = `\n  <p>${b}</p>\n  ¦\n  ${c}\n  ${d}\n`;\n",
    "<i>e</i>\n  ${c}\n  ${d}\n`;\n",
    "const a = `\n  <p>${b}</p>\n  <i>e</i>\n  ${c}\n  ${d}\n`;\n",
  ],
  ["generate", "a.c", "/* a\n   ¦\n   b c\n   d\n*/\n", "e f\n   b c\n   d\n*/\n", "/* a\n   e f\n   b c\n   d\n*/\n"],
  [
    "generate",
    "a.ts",
    "/**\n * A.\n * ¦\n */\nb();\n",
    "C.\n */\nb();\n\n/**\n * D.\n */\n",
    "/**\n * A.\n * C.\n */\nb();\n",
  ],
]);

testPlaces("a branch that is below is written only once", [
  [
    "generate",
    "a.ts",
    "if (a) {\n  ¦\n} else if (b) {\n  c();\n}\n",
    "d();\n} else if (b) {\n  c();\n} else {\n",
    "if (a) {\n  d();\n} else if (b) {\n  c();\n}\n",
  ],
  [
    "generate",
    "a.ts",
    "if (a) {\n  ¦\n} else if (b) {\n  c();\n}\n",
    "d();\n} else if (e) {\n  f();\n}\n",
    "if (a) {\n  d();\n} else if (e) {\n  f();\n} else if (b) {\n  c();\n}\n",
  ],
  [
    "generate",
    "a.ts",
    "if (a) {\n  ¦\n} else {\n  c();\n}\n",
    "if (b) {\n    c();\n  } else {\n    d();\n  }\n",
    "if (a) {\n  if (b) {\n    c();\n  } else {\n    d();\n  }\n} else {\n  c();\n}\n",
  ],
]);

const match = "fn f() {\n    match x {\n        ¦\n        _ => {}\n    }\n}\n";
const otherCases = match.replace("{}", "(),");
const modifier = "contract A {\n    modifier m() {\n        ¦\n        _;\n    }\n}\n";
const stub = "class A:\n    ¦\n    ...\n";
const cases = "let f x = match x with\n  ¦\n  | _ -> ()\n";

testPlaces("an arm for all other cases or a placeholder is not repeated", [
  ...(["inline", "generate"] as const).flatMap((surface) => [
    [surface, "a.rs", match, "1 => a(),\n        _ => {}\n    }\n}\n", match.replace("¦", "1 => a(),")] as const,
    [
      surface,
      "a.rs",
      otherCases,
      "1 => a(),\n        _ => (),\n    }\n",
      otherCases.replace("¦", "1 => a(),"),
    ] as const,
    [surface, "a.ml", cases, "| 1 -> a ()\n  | _ -> ()\n", cases.replace("¦", "| 1 -> a ()")] as const,
    [surface, "a.sol", modifier, "require(a);\n        _;\n    }\n}\n", modifier.replace("¦", "require(a);")] as const,
    [surface, "a.py", stub, "a = 1\n    ...\n", stub.replace("¦", "a = 1")] as const,
  ]),
  [
    "inline",
    "a.rs",
    match,
    "1 => match y {\n            _ => {}\n        },\n        _ => {}\n",
    match.replace("¦", "1 => match y {\n            _ => {}\n        },"),
  ],
]);

testPlaces("equal closers, openers and functions among arguments are no repetition", [
  ["inline", "a.js", "f(\n  ¦\n  _ => {},\n);\n", "_ => {},\n", "f(\n  _ => {},\n  _ => {},\n);\n"],
  [
    "inline",
    "a.js",
    "f(() => {\n  g(() => {\n    ¦\n  });\n});\n",
    "h(() => {\n      i();\n    });\n",
    "f(() => {\n  g(() => {\n    h(() => {\n      i();\n    });\n  });\n});\n",
  ],
  [
    "generate",
    "a.rs",
    match.replace("_ => {}", "{\n            b();\n        }"),
    "{\n            a();\n        }\n",
    match.replace("_ => {}", "{\n            b();\n        }").replace("¦", "{\n            a();\n        }"),
  ],
]);
