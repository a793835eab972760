import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { DocumentStructure } from "../../src/core/structure/documentStructure.js";
import { grammarOf } from "../../src/core/structure/languages.js";
import { Lexer } from "../../src/core/structure/lexer.js";
import { initialState } from "../../src/core/structure/lexerCursor.js";
import { closersOf, openAt } from "../support/openFrames.js";
import { randomFrom } from "../support/random.js";

test("after any edits, the snapshots equal those of the current text", () => {
  const random = randomFrom(7);
  const pieces = [
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "\n",
    "  ",
    "`",
    "${",
    "'",
    '"',
    "/*",
    "*/",
    "//",
    "a",
    "<b>",
    "</b>",
    "/",
    "\\",
    "return ",
    "\t",
  ];
  for (const name of ["a.tsx", "a.py", "a.rb", "a.html"]) {
    let text = Buffer.from("function f() {\n  return `a${b}`;\n}\n".repeat(150));
    const structure = new DocumentStructure(grammarOf(name));
    for (let round = 0; round < 400; round++) {
      const from = random.below(text.length);
      const oldEnd = Math.min(text.length, from + random.below(random.below(200) + 1));
      const count = random.below(4);
      const put = Buffer.from(Array.from({ length: count }, () => random.pick(pieces)).join(""));
      text = Buffer.concat([text.subarray(0, from), put, text.subarray(oldEnd)]);
      structure.edited(from, oldEnd, from + put.length);
      if (random.below(10) < 4) continue; // sometimes several edits precede a request
      const at = random.below(text.length);
      const { offset, state } = structure.snapshotBefore(text, at);
      if (offset === 0) continue;
      const fresh = new Lexer(text, 0, initialState(structure.grammar));
      fresh.advance(offset);
      assert.equal(fresh.at, offset, `${name}, round ${round}`);
      assert.deepEqual(
        { ...fresh.state, frame: closersOf(fresh.frame) },
        { ...state, frame: closersOf(state.frame) },
        `${name}, round ${round}`,
      );
    }
  }
});

test("after an edit in a long document, lexing stops when the states agree again", () => {
  const text = Buffer.from("function f() {\n  return 1;\n}\n".repeat(10_000));
  const structure = new DocumentStructure(grammarOf("a.ts"));
  structure.snapshotBefore(text, text.length);
  const edited = Buffer.concat([text.subarray(0, 20), Buffer.from("x"), text.subarray(20)]);
  structure.edited(20, 20, 21);
  let read = 0;
  const watched = new Proxy(edited, {
    get: (target, key) => {
      if (typeof key === "string" && /^\d+$/.test(key)) read++;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  structure.snapshotBefore(watched, edited.length);
  assert.ok(read > 0 && read < 30_000, `${read} bytes were read again`);
});

test("the project's own sources are balanced", () => {
  for (const folder of ["src", "media", "native", "training"]) {
    for (const file of readdirSync(folder, { recursive: true }) as string[]) {
      if (!/\.(ts|cpp|h|py|css)$/.test(file) || file === "sample.ts") continue;
      assert.equal(openAt(file, readFileSync(path.join(folder, file), "utf8")), "", file);
    }
  }
});
