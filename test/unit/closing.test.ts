import { testOpenFrames } from "../support/openFrames.js";

testOpenFrames("a closing bracket", [
  ["ends the nearest opener of its kind", "a.ts", "(()", ")"],
  ["ends the brackets within its own", "a.ts", "([)", ""],
  ["a parenthesis does not reach past a block", "a.ts", "({)", ") }, stray )"],
  ["a square bracket does not reach past a block", "a.ts", "[{]", "] }, stray ]"],
  ["a parenthesis does not reach past a block of words", "a.lua", "(if a\n]", ") end, stray ]"],
  ["a brace reaches past a block of words", "a.ts", "{([}", ""],
  ["a brace reaches past an inner block", "a.lua", "{if a\n}", ""],
  ["nothing reaches out of an interpolation", "a.swift", '{"\\( }', '} " ), stray }'],
  ["nothing reaches out of an element", "a.tsx", "{<b>{c}{d}}", "} </b>"],
]);

testOpenFrames("a closer at the start of a line", [
  ["ends the nearest opener with its indentation", "a.ts", "{\n  {\n  }", "}"],
  ["ends an outer opener with its indentation", "a.ts", "{\n  {\n    {\n  }", "}"],
  ["ends the outermost opener with its indentation", "a.ts", "{\n  {\n    {\n}", ""],
  ["ends the nearest opener if none has its indentation", "a.ts", "{\n  {\n    {\n }", "} }"],
  ["ends the nearest opener if that is indented less", "a.ts", "{\n  {\n    }", "}"],
  ["ends the nearest opener after other text", "a.ts", "{\n  {\n    {\n  a }", "} }"],
  ["may be a word", "a.lua", "if a\n  if b\n    if c\n  end", "end"],
]);

testOpenFrames("an end tag at the start of a line", [
  ["ends the nearest element with its indentation", "a.html", "<a>\n  <a>\n  </a>", "</a>"],
  ["ends an outer element with its indentation", "a.html", "<a>\n  <a>\n    <a>\n  </a>", "</a>"],
  ["ends the outermost element with its indentation", "a.html", "<a>\n  <a>\n    <a>\n</a>", ""],
  ["ends the nearest element if none has its indentation", "a.html", "<a>\n  <a>\n    <a>\n </a>", "</a> </a>"],
  ["ends the nearest element if that is indented less", "a.html", "<a>\n  <a>\n    </a>", "</a>"],
  ["ends the nearest element after other text", "a.html", "<a>\n  <a>\n    <a>\n  b</a>", "</a> </a>"],
  ["ends the nearest element if an outer one is deeper", "a.html", "    <a>\n<a>\n    </a>", "</a>"],
  ["reaches past other elements", "a.html", "<a>\n  <b>\n    <c>\n</a>", ""],
  ["does not reach out of a script", "a.tsx", "<a>\n{<b>\n</a>", "</a> } </b>, stray </a>"],
]);
