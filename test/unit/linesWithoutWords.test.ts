import { testPlaces } from "../support/insertionPlaces.js";

const objects = '[\n  {\n    "a": 1\n  },\n  ¦\n  {\n    "a": 3\n  }\n]\n';
const constrained = "class A<B>\n    where B : C\n    ¦\n";

testPlaces("a sign or word that is below is written only once", [
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
