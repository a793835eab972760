import { testPlaces, type Place } from "../support/insertionPlaces.js";

/** In a shell, `"${a}"` can contain text with quotes, commands and expansions of its own. */
const places: readonly Place[] = [
  ["generate", "a.sh", "f() {\n  ¦\n}\n", 'echo "${a:-$(ls"\n', 'f() {\n  echo "${a:-$(ls"")}"\n}\n'],
  ["inline", "a.sh", 'echo "${a¦}"\n', ':-b}"\n', 'echo "${a:-b}"\n'],
  ["inline", "a.sh", 'echo "${a¦"\n', ':-b}"\n', 'echo "${a:-b}"\n'],
  ["inline", "a.sh", 'echo "${a:-"¦"}"\n', 'b"}"\n', 'echo "${a:-"b"}"\n'],
  ["inline", "a.sh", "¦\n", 'a="${b:-it\'s}"; c="d"\n', 'a="${b:-it\'s}"; c="d"\n'],
  ["inline", "a.sh", "¦\n", 'a="${b//\'"\'/}"; c="d"\n', 'a="${b//\'"\'/}"; c="d"\n'],
  ["inline", "a.sh", "¦\n", 'a="${b%%(*}"; c="${d##*)}"\n', 'a="${b%%(*}"; c="${d##*)}"\n'],
  ["inline", "a.sh", "if a; then\n  ¦\nfi\n", 'b="${fi}${done:-}"\n', 'if a; then\n  b="${fi}${done:-}"\nfi\n'],
  ["inline", "a.sh", "¦\n", 'a="\\${b"\n', 'a="\\${b"\n'],
  ["inline", "a.sh", "¦\n", 'a="${b:-\\}}"\n', 'a="${b:-\\}}"\n'],
  ["generate", "a.sh", "cat <<EOF\n¦\nEOF\n", "${a:-it's \"b}\n", "cat <<EOF\n${a:-it's \"b}\nEOF\n"],
  [
    "generate",
    "a.sh",
    "cat <<EOF\n${a\nEOF\nf() {\n  ¦\n}\n",
    'echo "b\n',
    'cat <<EOF\n${a\nEOF\nf() {\n  echo "b"\n}\n',
  ],
];

testPlaces("parameter expansion", places);
