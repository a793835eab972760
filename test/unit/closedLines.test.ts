import { testPlaces, type Place } from "../support/insertionPlaces.js";

/** Generated text also closes what the cursor's line has opened, because the user does not continue that line. */
const places: readonly Place[] = [
  ["generate", "a.sh", 'a="${1¦\n', ":-1\n", 'a="${1:-1}"\n'],
  ["generate", "a.sh", 'f() {\n  echo "$(¦\n  echo "  b"\n}\n', "ls)\n", 'f() {\n  echo "$(ls)"\n  echo "  b"\n}\n'],
  // The generated text ends before a line in which the lexer would take a closing quote for an opening one.
  ["generate", "a.sh", 'f() {\n  a "$(¦\n}\n', 'b "$c") || d\n  e "$f"\n', 'f() {\n  a "$(b "$c") || d"\n}\n'],
  ["generate", "a.sh", 'a "¦\n', "b\nc d\n", 'a "b\nc d"\n'],
  ["generate", "a.sh", "a=$(¦\n", "ls\necho b\n", "a=$(ls\necho b)\n"],
  ["generate", "a.sh", "a=`¦\n", "ls\n", "a=`ls`\n"],
  ["generate", "a.sh", "a=$(ls | ¦\n", "grep \\\n", "a=$(ls | grep \\\n)\n"],
  ["generate", "a.sh", "a=$(¦\n", "cat <<EOF\nb\n", "a=$(cat <<EOF\nb\nEOF\n)\n"],
  ["generate", "a.ts", "const a = foo(¦\n", "b, c\n", "const a = foo(b, c)\n"],
  ["generate", "a.ts", "const a = `b ${¦\n", "c.d\n", "const a = `b ${c.d}`\n"],
  [
    "generate",
    "a.ts",
    "a('b', () => {¦\n",
    "\n  c(() => {\n    d();\n  });\n",
    "a('b', () => {\n  c(() => {\n    d();\n  });\n})\n",
  ],
  ["generate", "a.py", "print(f'{¦\n", "a.b\n", "print(f'{a.b}')\n"],
  // In Ruby, `while` and `until` open the block of their `do`, even if the cursor is between the two.
  ["generate", "a.rb", "while a ¦\n", "do\n  b\nend\n", "while a do\n  b\nend\n"],
  ["generate", "a.rb", "while a ¦\n  b\nend\n", "do\n", "while a do\n  b\nend\n"],
  ["generate", "a.rb", "until a ¦\nend\n", "do\n  b\n", "until a do\n  b\nend\n"],
  // Brackets stay open if the document closes them after the cursor, or if they were opened on lines above.
  ["generate", "a.ts", "const a = foo(¦);\n", "b, c);\n", "const a = foo(b, c);\n"],
  ["generate", "a.ts", "foo(¦\n  c,\n);\n", "b,\n", "foo(b,\n  c,\n);\n"],
  ["generate", "a.ts", "foo(\n  ¦\n", "b,\n", "foo(\n  b,\n"],
  ["generate", "a.ts", "// (¦\n", "see below\n", "// (see below\n"],
  // Ghost text leaves the line open, because the user may continue it.
  ["inline", "a.ts", "const a = foo(¦\n", "b, c\n", "const a = foo(b, c\n"],
  // A heredoc that begins in the generated text gets its end line.
  [
    "generate",
    "a.sh",
    "f() {\n  ¦\n}\n",
    "if a; then\n  cat <<EOF\nb\n",
    "f() {\n  if a; then\n    cat <<EOF\nb\nEOF\n  fi\n}\n",
  ],
];

testPlaces("generated text, but not ghost text, closes what the cursor's line has opened", places);
