import { testPlaces } from "../support/insertionPlaces.js";

const inPython = "class A:\n    ¦\n";
const inTypeScript = "export class A {\n  ¦\n}\n";
const inJava = "class A {\n    ¦\n}\n";

testPlaces("what follows decorators ends a generated text", [
  [
    "generate",
    "a.py",
    "¦\n",
    '@app.route(\n    "/a",\n)\ndef f():\n    return 1\n\n\ndef g():\n    pass\n',
    '@app.route(\n    "/a",\n)\ndef f():\n    return 1\n',
  ],
  [
    "generate",
    "a.py",
    "@app¦\n",
    '.route(\n    "/a",\n)\ndef f():\n    return 1\n\n\ndef g():\n    pass\n',
    '@app.route(\n    "/a",\n)\ndef f():\n    return 1\n',
  ],
  [
    "generate",
    "a.py",
    inPython,
    "@a\n    @b(\n        1,\n    )\n    def f(self):\n        return 1\n\n    def g(self):\n        pass\n",
    inPython.replace("¦", "@a\n    @b(\n        1,\n    )\n    def f(self):\n        return 1"),
  ],
  [
    "generate",
    "a.ts",
    "¦\n",
    '@Component({\n  selector: "a",\n})\nexport class A {\n  b = 1;\n}\n\nclass B {}\n',
    '@Component({\n  selector: "a",\n})\nexport class A {\n  b = 1;\n}\n',
  ],
  [
    "generate",
    "a.java",
    inJava,
    "@Test(\n        expected = B.class\n    )\n    void f() {\n        g();\n    }\n\n    void h() {}\n",
    inJava.replace("¦", "@Test(\n        expected = B.class\n    )\n    void f() {\n        g();\n    }"),
  ],
  [
    "generate",
    "a.rs",
    "¦\n",
    "#[derive(\n    Debug,\n)]\nstruct A {\n    b: u8,\n}\n\nstruct C;\n",
    "#[derive(\n    Debug,\n)]\nstruct A {\n    b: u8,\n}\n",
  ],
  [
    "generate",
    "a.cs",
    inJava,
    "[Test(\n        1\n    )]\n    void F() {\n        G();\n    }\n\n    void H() {}\n",
    inJava.replace("¦", "[Test(\n        1\n    )]\n    void F() {\n        G();\n    }"),
  ],
  [
    "generate",
    "a.php",
    "<?php\n¦\n",
    "#[Route(\n    '/a',\n)]\nfunction f() {\n    return 1;\n}\n\nfunction g() {}\n",
    "<?php\n#[Route(\n    '/a',\n)]\nfunction f() {\n    return 1;\n}\n",
  ],
  [
    "generate",
    "a.kt",
    "¦\n",
    "@Test(\n    expected = 1,\n)\nfun f() {\n    g()\n}\n\nfun h() {}\n",
    "@Test(\n    expected = 1,\n)\nfun f() {\n    g()\n}\n",
  ],
]);

testPlaces("what follows a comment ends a generated text", [
  [
    "generate",
    "a.ts",
    "¦\n",
    "/**\n * Adds.\n */\nfunction add(a) {\n  return a;\n}\n\nfunction sub() {}\n",
    "/**\n * Adds.\n */\nfunction add(a) {\n  return a;\n}\n",
  ],
  [
    "generate",
    "a.rs",
    "¦\n",
    "/// Adds.\n#[inline]\nfn f() -> u8 {\n    1\n}\n\nfn g() {}\n",
    "/// Adds.\n#[inline]\nfn f() -> u8 {\n  1\n}\n",
  ],
  ["generate", "a.ts", "¦\n", "// a\n// a\n// a\n// a\n", "// a\n"],
]);

testPlaces("a line that begins like a decorator may be a statement", [
  [
    "generate",
    "a.ts",
    inTypeScript,
    "@A({\n    b: 1,\n  }) c = 2;\n\n  d = 3;\n",
    inTypeScript.replace("¦", "@A({\n    b: 1,\n  }) c = 2;\n\n  d = 3;"),
  ],
  ["generate", "a.rb", "def f\n  ¦\nend\n", "# Adds.\n  @a\n  b\nend\n", "def f\n  # Adds.\n  @a\n  b\nend\n"],
  ["generate", "a.ts", "¦\n", "// Adds.\n\nfunction add() {\n}\n", "// Adds.\n"],
]);

const inMethods = "class A {\n    b() {\n        c();\n    }\n\n    ¦\n}\n";

testPlaces("lines as deep as the first one leave the width of the text's levels open", [
  [
    "generate",
    "a.ts",
    inMethods,
    "// D.\n    d() {\n      e();\n    }\n",
    inMethods.replace("¦", "// D.\n    d() {\n        e();\n    }"),
  ],
  [
    "generate",
    "a.ts",
    inMethods,
    "@D()\n    d() {\n      e();\n    }\n",
    inMethods.replace("¦", "@D()\n    d() {\n        e();\n    }"),
  ],
]);

testPlaces("a brace below the head of a function belongs to the head", [
  [
    "generate",
    "a.c",
    "#ifdef A\n¦\n#endif\n",
    "int f(void)\n{\n    return 1;\n}\n\nint g(void)\n{\n    return 2;\n}\n",
    "#ifdef A\nint f(void)\n{\n  return 1;\n}\n#endif\n",
  ],
  [
    "generate",
    "a.cs",
    "class A\n{\n    ¦\n}\n",
    "public int F()\n    {\n        return 1;\n    }\n\n    public int G()\n    {\n        return 2;\n    }\n",
    "class A\n{\n    public int F()\n    {\n        return 1;\n    }\n}\n",
  ],
  [
    "generate",
    "a.cs",
    "void F()\n{\n    ¦\n}\n",
    "if (a)\n    {\n        b();\n    }\n\n    c();\n}\n",
    "void F()\n{\n    if (a)\n    {\n        b();\n    }\n\n    c();\n}\n",
  ],
  [
    "generate",
    "a.cs",
    "class A\n{\n    public A()\n    ¦\n}\n",
    "{\n        b = 1;\n    }\n\n    void C()\n    {\n    }\n}\n",
    "class A\n{\n    public A()\n    {\n        b = 1;\n    }\n}\n",
  ],
  [
    "generate",
    "a.cpp",
    "¦\n",
    "template <typename T>\nT f(T a)\n{\n  return a;\n}\n\nint g()\n{\n}\n",
    "template <typename T>\nT f(T a)\n{\n  return a;\n}\n",
  ],
  [
    "generate",
    "a.c",
    "¦\n",
    "static int\nf(int a)\n{\n  return a;\n}\n\nstatic int\ng(int a)\n{\n}\n",
    "static int\nf(int a)\n{\n  return a;\n}\n",
  ],
  [
    "generate",
    "a.c",
    "void f(void)\n{\n    if (a)\n    ¦\n}\n",
    "{\n        b();\n    }\n    c();\n}\n",
    "void f(void)\n{\n    if (a)\n    {\n        b();\n    }\n    c();\n}\n",
  ],
  [
    "generate",
    "a.c",
    "int f(void)¦\n",
    "\n{\n    return 1;\n}\n\nint g(void)\n{\n}\n",
    "int f(void)\n{\n  return 1;\n}\n",
  ],
]);

const oneLine: readonly (readonly [path: string, definition: string])[] = [
  ["a.rs", "#[inline] fn f() -> u8 {\n  1\n}\n"],
  ["a.rs", "#[a(\n  b,\n)] fn f() -> u8 {\n  1\n}\n"],
  ["a.cpp", "[[nodiscard]] int f() {\n  return 1;\n}\n"],
  ["a.cs", "[Fact] public void F() {\n  G();\n}\n"],
  ["a.cs", "[Fact] public void F()\n{\n  G();\n}\n"],
  ["a.java", '@A("b") public class C {\n  int d;\n}\n'],
];

testPlaces(
  "a definition on the line of its decorator ends the text",
  oneLine.map(([path, definition]) => ["generate", path, "¦\n", `${definition}void g() {\n}\n`, definition] as const),
);

testPlaces("a comment may follow a decorator", [
  ["generate", "a.py", "¦\n", "@a(b)  # c\ndef f():\n  return 1\n\n\nd = 2\n", "@a(b)  # c\ndef f():\n  return 1\n"],
]);

const annotated: readonly (readonly [path: string, method: string, next: string])[] = [
  ["a.java", '@A @B("c") public int d() {\n    return 1;\n  }', "void e() {\n  }"],
  ["a.ts", "@Input() set a(b) {\n    this.c = b;\n  }", "d() {\n  }"],
  ["a.kt", "@A(b = 1) fun c() {\n    d()\n  }", "fun e() {\n  }"],
];

testPlaces(
  "a method on the line of its annotation ends the text",
  annotated.map(([path, method, next]) => {
    const document = "class A {\n  ¦\n}\n";
    return ["generate", path, document, `${method}\n\n  ${next}\n`, document.replace("¦", method)] as const;
  }),
);

testPlaces("an instance variable is no annotation", [
  [
    "generate",
    "a.rb",
    "def a\n  ¦\nend\n",
    "@b.c(1) do\n    d\n  end\n  e\nend\n",
    "def a\n  @b.c(1) do\n    d\n  end\n  e\nend\n",
  ],
]);
