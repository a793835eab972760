import { testOpenFrames } from "../support/openFrames.js";

testOpenFrames("a closing bracket", [
  ["ends the nearest opener of its kind", "a.ts", "(()", ")"],
  ["and the brackets in it", "a.ts", "([)", ""],
  ["a parenthesis does not reach past a block", "a.ts", "({)", ") }, stray )"],
  ["nor does a square bracket", "a.ts", "[{]", "] }, stray ]"],
  ["nor past a block of words", "a.lua", "(if a\n]", ") end, stray ]"],
  ["a brace does", "a.ts", "{([}", ""],
  ["even past an inner block", "a.lua", "{if a\n}", ""],
  ["nothing reaches out of an interpolation", "a.swift", '{"\\( }', '} " ), stray }'],
  ["nor out of an element", "a.tsx", "{<b>{c}{d}}", "} </b>"],
]);

testOpenFrames("a closer at the start of a line", [
  ["ends the nearest opener with its indentation", "a.ts", "{\n  {\n  }", "}"],
  ["or an outer one with its indentation", "a.ts", "{\n  {\n    {\n  }", "}"],
  ["or the outermost one", "a.ts", "{\n  {\n    {\n}", ""],
  ["or the nearest if none has it", "a.ts", "{\n  {\n    {\n }", "} }"],
  ["or the nearest if that is indented less", "a.ts", "{\n  {\n    }", "}"],
  ["after other text, the nearest", "a.ts", "{\n  {\n    {\n  a }", "} }"],
  ["a closing word does the same", "a.lua", "if a\n  if b\n    if c\n  end", "end"],
]);

testOpenFrames("an end tag at the start of a line", [
  ["ends the nearest element with its indentation", "a.html", "<a>\n  <a>\n  </a>", "</a>"],
  ["or an outer one with its indentation", "a.html", "<a>\n  <a>\n    <a>\n  </a>", "</a>"],
  ["or the outermost one", "a.html", "<a>\n  <a>\n    <a>\n</a>", ""],
  ["or the nearest if none has it", "a.html", "<a>\n  <a>\n    <a>\n </a>", "</a> </a>"],
  ["or the nearest if that is indented less", "a.html", "<a>\n  <a>\n    </a>", "</a>"],
  ["after other text, the nearest", "a.html", "<a>\n  <a>\n    <a>\n  b</a>", "</a> </a>"],
  ["or the nearest if an outer one is deeper", "a.html", "    <a>\n<a>\n    </a>", "</a>"],
  ["past other elements", "a.html", "<a>\n  <b>\n    <c>\n</a>", ""],
  ["but not out of a script", "a.tsx", "<a>\n{<b>\n</a>", "</a> } </b>, stray </a>"],
]);
