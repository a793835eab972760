import { testPlaces } from "../support/insertionPlaces.js";

testPlaces("text that goes into the lines below does not double them", [
  [
    "inline",
    "a.py",
    'p.add(\n    ¦\n    help="the name")\nargs = b\n',
    '"--name", type=str,\n    help="the name")\nargs = b\n',
    'p.add(\n    "--name", type=str,\n    help="the name")\nargs = b\n',
  ],
  [
    "generate",
    "a.py",
    "def f():\n    return g(a,\n             ¦\n             id=id)\n",
    "user=user,\n             id=id)\n",
    "def f():\n    return g(a,\n             user=user,\n             id=id)\n",
  ],
  [
    "inline",
    "a.html",
    '<form>\n  <input\n    ¦\n    name="a"\n    required>\n</form>\n',
    'type="text"\n    name="a"\n    required>\n</form>\n',
    '<form>\n  <input\n    type="text"\n    name="a"\n    required>\n</form>\n',
  ],
  [
    "inline",
    "a.tsx",
    "const a = (\n  <input\n    ¦\n    value={b}\n    onChange={(e) => c(e)}\n  />\n);\n",
    'type="text"\n    value={b}\n    onChange={(e) => c(e)}\n  />\n);\n',
    'const a = (\n  <input\n    type="text"\n    value={b}\n    onChange={(e) => c(e)}\n  />\n);\n',
  ],
  [
    "inline",
    "a.json",
    '{\n  ¦\n  "scripts": {\n    "build": "tsc"\n  },\n  "files": [\n    "dist",\n    "src"\n  ],\n  "a": 1,\n  "b": 2\n}\n',
    '"name": "a",\n  "scripts": {\n    "build": "tsc"\n  },\n  "files": [\n    "dist",\n    "src"\n  ],\n  "a": 1,\n  "b": 2\n}\n',
    '{\n  "name": "a",\n  "scripts": {\n    "build": "tsc"\n  },\n  "files": [\n    "dist",\n    "src"\n  ],\n  "a": 1,\n  "b": 2\n}\n',
  ],
]);

testPlaces("a separator after the cursor is not doubled", [
  ["generate", "a.ts", "const x = ¦;\n", "a &&\n  b;\n", "const x = a &&\n  b;\n"],
  ["generate", "a.ts", "foo(\n  ¦,\n  b,\n);\n", "(a) =>\n    c(a),\n", "foo(\n  (a) =>\n    c(a),\n  b,\n);\n"],
  [
    "generate",
    "a.ts",
    "a.then(¦);\nb();\n",
    "(r) => {\n  if (r) {\n    go();\n",
    "a.then((r) => {\n  if (r) {\n    go();\n  }\n});\nb();\n",
  ],
  ["generate", "a.ts", "const f = ¦;\nb();\n", "() => {\n  go();\n", "const f = () => {\n  go();\n};\nb();\n"],
]);

testPlaces("code after the closer is not doubled", [
  [
    "generate",
    "a.ts",
    "const a = b.map((c) => {¦}).filter(d);\n",
    "\n  return c.d;\n}).filter(d);\n",
    "const a = b.map((c) => {\n  return c.d;\n}).filter(d);\n",
  ],
  ["generate", "a.ts", "useEffect(() => {¦}, [a]);\n", "\n  b();\n}, [a]);\n", "useEffect(() => {\n  b();\n}, [a]);\n"],
  ["generate", "a.js", "(function () {¦})();\n", "\n  b();\n})();\n", "(function () {\n  b();\n})();\n"],
  [
    "generate",
    "a.go",
    "func f() {\n\tgo func() {¦}()\n}\n",
    "\n\t\tb()\n\t}()\n",
    "func f() {\n\tgo func() {\n\t\tb()\n\t}()\n}\n",
  ],
]);

testPlaces("lists of YAML may be as deep as their key", [
  [
    "inline",
    "a.yaml",
    "spec:\n  volumes:\n  ¦\n",
    "- name: data\n    emptyDir: {}\n",
    "spec:\n  volumes:\n  - name: data\n    emptyDir: {}\n",
  ],
  [
    "generate",
    "a.yaml",
    "spec:\n  a: b\n  ports:\n  ¦\n  volumes:\n  - name: c\n    d: e\n",
    "- containerPort: 80\n    name: http\n",
    "spec:\n  a: b\n  ports:\n  - containerPort: 80\n    name: http\n  volumes:\n  - name: c\n    d: e\n",
  ],
]);

testPlaces("a PHP block ends above another one", [
  [
    "inline",
    "a.php",
    "<div>\n  <?php endforeach¦\n  <?php if ($a): ?>\n    <b>a</b>\n  <?php endif; ?>\n</div>\n",
    "; ?>\n",
    "<div>\n  <?php endforeach; ?>\n  <?php if ($a): ?>\n    <b>a</b>\n  <?php endif; ?>\n</div>\n",
  ],
  ["inline", "a.php", "<p><?= f($a[¦\n<?php g(); ?>\n", "'b']) ?></p>\n", "<p><?= f($a['b']) ?></p>\n<?php g(); ?>\n"],
]);

testPlaces("a condition spans lines without parentheses", [
  [
    "inline",
    "a.swift",
    "func f() {\n    ¦\n    e()\n}\n",
    "guard let a = b,\n          let c = d else {\n        return\n    }\n",
    "func f() {\n    guard let a = b,\n          let c = d else {\n        return\n    }\n    e()\n}\n",
  ],
]);

testPlaces("the cursor stays at the level of a line above", [
  [
    "generate",
    "a.ts",
    "function f() {\n  if (a) {\n    b();\n  ¦\n  c();\n}\n",
    "}\n",
    "function f() {\n  if (a) {\n    b();\n  }\n  c();\n}\n",
  ],
  [
    "generate",
    "a.ts",
    "switch (a) {\n  case 1:\n    b();\n    break;\n  ¦\n}\n",
    "case 2:\n    c();\n    break;\n",
    "switch (a) {\n  case 1:\n    b();\n    break;\n  case 2:\n    c();\n    break;\n}\n",
  ],
  [
    "generate",
    "a.rb",
    "def f\n  if a\n    b\n  ¦\nend\n",
    "else\n    c\n  end\n",
    "def f\n  if a\n    b\n  else\n    c\n  end\nend\n",
  ],
  [
    "generate",
    "a.ts",
    "function f() {\n  const a = b\n    .c()\n    .d();\n  ¦\n}\n",
    "return a;\n",
    "function f() {\n  const a = b\n    .c()\n    .d();\n  return a;\n}\n",
  ],
  [
    "generate",
    "a.c",
    "int f(void)\n{\n    if (!a)\n        goto fail;\n    ¦\n}\n",
    "output = a;\n    g();\n",
    "int f(void)\n{\n    if (!a)\n        goto fail;\n    output = a;\n    g();\n}\n",
  ],
]);

testPlaces("a statement is as deep as the start of the one above", [
  [
    "generate",
    "a.ts",
    "function f() {\n  const a = b\n    .c()\n    .d();\n¦\n}\n",
    "return a;\n",
    "function f() {\n  const a = b\n    .c()\n    .d();\n  return a;\n}\n",
  ],
  [
    "generate",
    "a.c",
    "int f(void)\n{\n    if (!a)\n        goto fail;\n¦\n}\n",
    "output = a;\n    g();\n",
    "int f(void)\n{\n    if (!a)\n        goto fail;\n    output = a;\n    g();\n}\n",
  ],
]);

testPlaces("text of a heredoc is not indented", [
  [
    "generate",
    "a.sh",
    "f() {\n  cat <<EOF\n¦\nEOF\n}\n",
    "Usage: a\n  -h  help\n",
    "f() {\n  cat <<EOF\nUsage: a\n  -h  help\nEOF\n}\n",
  ],
]);

testPlaces("directives, labels and `public:` do not end a block", [
  [
    "generate",
    "a.c",
    "void f(void)\n{\n    ¦\n}\n",
    "a();\n#ifdef B\n    b();\n#endif\n    d();\n}\n",
    "void f(void)\n{\n    a();\n#ifdef B\n    b();\n#endif\n    d();\n}\n",
  ],
  [
    "generate",
    "a.c",
    "int f(void)\n{\n    ¦\n}\n",
    "if (g())\n        goto out;\n    return 0;\nout:\n    free(a);\n    return 1;\n}\n",
    "int f(void)\n{\n    if (g())\n        goto out;\n    return 0;\nout:\n    free(a);\n    return 1;\n}\n",
  ],
  [
    "generate",
    "a.cpp",
    "class A {\n    ¦\n};\n",
    "int a;\n\npublic:\n    int b();\n\nprivate:\n    int c;\n};\n",
    "class A {\n    int a;\n\npublic:\n    int b();\n\nprivate:\n    int c;\n};\n",
  ],
]);

testPlaces("a blank line below an opener does not end the block", [
  [
    "generate",
    "A.java",
    "@B\n¦\n",
    "public class A {\n\n  private C c;\n}\n",
    "@B\npublic class A {\n\n  private C c;\n}\n",
  ],
  ["generate", "a.py", "¦\n", "class A:\n\n  def f(self):\n    pass\n", "class A:\n\n  def f(self):\n    pass\n"],
]);

testPlaces("the closers of a list do not end a function in Python", [
  [
    "generate",
    "a.py",
    "¦\n",
    'def f(x):\n  a = {\n    "b": 1,\n  }\n  return a\n',
    'def f(x):\n  a = {\n    "b": 1,\n  }\n  return a\n',
  ],
]);

testPlaces("a statement with a block is not a definition", [
  [
    "generate",
    "A.java",
    "class A {\n    void f() {\n        ¦\n    }\n}\n",
    "synchronized (this) {\n            a();\n        }\n        b();\n    }\n}\n",
    "class A {\n    void f() {\n        synchronized (this) {\n            a();\n        }\n        b();\n    }\n}\n",
  ],
  [
    "generate",
    "a.swift",
    "func f() {\n    ¦\n}\n",
    "VStack(a) {\n        b()\n    }\n    .c()\n}\n",
    "func f() {\n    VStack(a) {\n        b()\n    }\n    .c()\n}\n",
  ],
]);

testPlaces("a generated case ends before the next one", [
  [
    "generate",
    "a.c",
    "void f(int a)\n{\n    switch (a) {\n    case 1:\n        ¦\n    }\n}\n",
    "b();\n        break;\n    case 2:\n        c();\n",
    "void f(int a)\n{\n    switch (a) {\n    case 1:\n        b();\n        break;\n    }\n}\n",
  ],
]);

testPlaces("a constructor without a modifier is a definition", [
  [
    "generate",
    "A.java",
    "class A {\n  ¦\n}\n",
    "A(int b) {\n    c();\n  }\n\n  void d() {\n    e();\n  }\n",
    "class A {\n  A(int b) {\n    c();\n  }\n}\n",
  ],
]);

testPlaces("the resources of a try span lines", [
  [
    "generate",
    "A.java",
    "void f() {\n  try (var a = new B(new C(d));\n      ¦\n    g();\n  }\n}\n",
    "var e = h()) {\n",
    "void f() {\n  try (var a = new B(new C(d));\n      var e = h()) {\n    g();\n  }\n}\n",
  ],
]);
