import { testOpenFrames } from "../support/openFrames.js";

testOpenFrames("a block word", [
  ["opens a block until its closer", "a.rb", "if a\n  b", "end"],
  ["which ends it", "a.rb", "if a\n  b\nend", ""],
  ["on the same line", "a.rb", "class A; if b; end", "end"],
  ["of a shell, with a closer of its own", "a.sh", "if a; then\n  case b in\n    while c; do", "fi esac done"],
  ["of a shell that ends", "a.sh", "if a; then\n  b\nfi", ""],
  ["of Lua", "a.lua", "repeat\n  if a then", "until end"],
  ["a closer without a block is unmatched", "a.lua", "end", "stray end"],
  ["a longer word is none", "a.rb", "iffy a\nend_of", ""],
  ["nor is the end of one", "a.rb", "_if a\n1if b", ""],
  ["nor is a method", "a.rb", "a.if\na.class", ""],
  ["nor is a symbol", "a.rb", "a :class, :begin", ""],
  ["nor is a key", "a.rb", "a class: 1, begin: 2", ""],
  ["nor is the name of a question", "a.rb", "a class?", ""],
  ["nor are variables", "a.rb", "@class = 1\n$begin = 2", ""],
  ["nor is a part of a name with dashes", "a.sh", "a-if\n-if", ""],
  ["nor is a word in another language", "a.ts", "if begin do", ""],
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
testOpenFrames("a word that opens a block unless", [
  ["a definition ends on its line", "a.rb", "def a(b) = b\ndef c\n", "end"],
  ["a setter is none", "a.rb", "def a=(b)\n", "end"],
  ["what follows is on the next line", "a.rb", "def a\n(b) = c\n", "end"],
  ["what follows is near", "a.rb", `def ${long}(b) = b`, ""],
  ["what follows is not far", "a.rb", `def ${long}${long}(b) = b`, "end"],
  ["a loop has opened it", "a.rb", "while a do\n", "end"],
  ["an indented loop has opened it", "a.rb", "  until a do\n", "end"],
  ["a loop on the next line has opened it", "a.rb", "a\nwhile b do\n", "end"],
  ["it is on another line than the loop", "a.rb", "while a\nb do\n", "end end"],
  ["the loop begins its line", "a.rb", "a = while_b do\n", "end"],
]);
