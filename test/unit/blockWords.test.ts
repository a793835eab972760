import { testOpenFrames } from "../support/openFrames.js";

testOpenFrames("a block word", [
  ["opens a block until its closer", "a.rb", "if a\n  b", "end"],
  ["ends with its closer", "a.rb", "if a\n  b\nend", ""],
  ["on the same line", "a.rb", "class A; if b; end", "end"],
  ["of a shell, with a closer of its own", "a.sh", "if a; then\n  case b in\n    while c; do", "fi esac done"],
  ["of a shell that ends", "a.sh", "if a; then\n  b\nfi", ""],
  ["of Lua", "a.lua", "repeat\n  if a then", "until end"],
  ["a closer without a block is unmatched", "a.lua", "end", "stray end"],
  ["opens nothing as a part of a longer word", "a.rb", "iffy a\nend_of", ""],
  ["opens nothing as the end of a longer word", "a.rb", "_if a\n1if b", ""],
  ["opens nothing as the name of a method", "a.rb", "a.if\na.class", ""],
  ["opens nothing as a symbol", "a.rb", "a :class, :begin", ""],
  ["opens nothing as a key", "a.rb", "a class: 1, begin: 2", ""],
  ["opens nothing as the name of a question", "a.rb", "a class?", ""],
  ["opens nothing as a variable", "a.rb", "@class = 1\n$begin = 2", ""],
  ["opens nothing as a part of a name with dashes", "a.sh", "a-if\n-if", ""],
  ["opens nothing in another language", "a.ts", "if begin do", ""],
]);

testOpenFrames("a word that opens a block only at the start of a statement", [
  ["at the start of a line", "a.rb", "  if a", "end"],
  ["not after a value", "a.rb", "a if b", ""],
  ["after a semicolon", "a.rb", "a; if b", "end"],
  ["after an assignment", "a.rb", "a = if b", "end"],
  ["after a bracket", "a.rb", "(if b", ") end"],
  ["after a brace", "a.rb", "{if b", "} end"],
  ["after an operator", "a.rb", "a && if b", "end"],
  ["after the other operator", "a.rb", "a || if b", "end"],
  ["after the word of another block", "a.sh", "if a; then if b", "fi fi"],
  ["after `begin`", "a.rb", "begin if a", "end end"],
  ["after blanks and a tab", "a.rb", "a; \t if b", "end"],
  ["after a blank line", "a.rb", "a\n\n  if b", "end"],
  ["after an escaped newline", "a.sh", "a \\\nif b", "fi"],
  ["after a negation", "a.sh", "! if a", "fi"],
  ["at the start of the text", "a.rb", "if a", "end"],
  ["not after a longer word", "a.rb", "xbegin if a", ""],
]);

testOpenFrames("the closer of a block", [
  ["within a bracket is an index", "a.jl", "if a\n  b[end]", "end"],
  ["on a line of its own ends the bracket, too", "a.jl", "if a\n  b[1,\nend", ""],
  ["of a shell counts only at the start of a statement", "a.sh", "if a; then\n  echo fi", "fi"],
  ["after a semicolon", "a.sh", "if a; then b; fi", ""],
]);

const long = "a".repeat(180);
testOpenFrames("a word that does not always open a block", [
  ["opens none for a definition that ends on its line", "a.rb", "def a(b) = b\ndef c\n", "end"],
  ["opens one for a setter", "a.rb", "def a=(b)\n", "end"],
  ["opens one if the rest of the definition is on the next line", "a.rb", "def a\n(b) = c\n", "end"],
  ["opens none if the definition's end is near", "a.rb", `def ${long}(b) = b`, ""],
  ["opens one if the definition's end is far", "a.rb", `def ${long}${long}(b) = b`, "end"],
  ["opens none after the word of its loop", "a.rb", "while a do\n", "end"],
  ["opens none after the word of its indented loop", "a.rb", "  until a do\n", "end"],
  ["opens none after the word of its loop on a later line", "a.rb", "a\nwhile b do\n", "end"],
  ["opens one on the line after a loop's word", "a.rb", "while a\nb do\n", "end end"],
  ["opens one after a name that begins like a loop's word", "a.rb", "a = while_b do\n", "end"],
]);
