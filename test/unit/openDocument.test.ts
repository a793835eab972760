import assert from "node:assert/strict";
import test from "node:test";
import { framesInside } from "../../src/core/structure/frame.js";
import { OpenDocument } from "../../src/core/tokens/openDocument.js";
import { emptyBlockHash } from "../../src/core/tokens/tokenPrefix.js";
import { randomFrom } from "../support/random.js";
import { prefixFormat, starterTokenizer } from "../support/tokenizer.js";

function open(text: string): OpenDocument {
  const model = { tokenizer: starterTokenizer, prompt: prefixFormat, emptyHash: emptyBlockHash("m") };
  return new OpenDocument({ uri: "file:///a/b.ts", headerPath: "a/b.ts" }, text, model);
}

function assertSame(edited: OpenDocument, text: string): void {
  const whole = open(text);
  assert.equal(edited.lineCount, whole.lineCount);
  assert.deepEqual(edited.lines(0, edited.lineCount), whole.lines(0, whole.lineCount));
  for (let line = 0; line <= whole.lineCount; line++) assert.equal(edited.lineStart(line), whole.lineStart(line));
  assert.deepEqual(edited.tokens.tokens(0, 9e9), whole.tokens.tokens(0, 9e9));
}

test("the header is first and names the document", () => {
  const document = open("x");
  assert.equal(Buffer.from(document.tokens.bytes).toString(), "a/b.ts\nx");
  assert.equal(document.lineStart(0), 7);
  assert.equal(document.tokens.startOf(document.headerTokens) <= 7, true);
});

test("a model without a header reads the text alone", () => {
  const prompt = { ...prefixFormat, header: undefined };
  const model = { tokenizer: starterTokenizer, prompt, emptyHash: emptyBlockHash("m") };
  const document = new OpenDocument({ uri: "file:///a/b.ts", headerPath: "a/b.ts" }, "x", model);
  assert.equal(Buffer.from(document.tokens.bytes).toString(), "x");
  assert.deepEqual([document.headerTokens, document.tokens.tokenCount], [0, 1]);
});

test("the tokens of a preamble are counted with the header's; without one, there are none", () => {
  const document = open("x");
  assert.equal(document.preambleTokens, 0);
  document.setPreamble("import a\n");
  assert.equal(document.tokens.startOf(document.preambleTokens), document.lineStart(0));
});

test("an empty range of lines has no lines", () => {
  const document = open("a\nb\nc");
  assert.deepEqual([document.lines(1, 1), document.lines(2, 1), document.lines(3, 9)], [[], [], []]);
  assert.deepEqual([document.lines(1, 2), document.lines(2, 9)], [["b"], ["c"]]);
});

test("the structure at a line is that of the lines before it, also after edits far above", () => {
  const closersAt = (document: OpenDocument, line: number): string[] =>
    framesInside(document.structureAt(line).frame, 0).map(({ closer }) => closer);
  const short = open("(\n[\n{\n");
  assert.deepEqual(
    [0, 1, 2, 3].map((line) => closersAt(short, line)),
    [[], [")"], ["]", ")"], ["}", "]", ")"]],
  );
  const random = randomFrom(9);
  const lines = Array.from({ length: 400 }, (_, i) => `call(${i}, "some words to fill the line");`);
  const document = open(lines.join("\n"));
  for (let step = 0; step < 60; step++) {
    const at = random.below(lines.length);
    lines[at] = random.pick(["/* opens", "closes */ and more", "{", "}", "a;", "`", lines[at]!]);
    document.edit({ startLine: at, endLine: at + 1, text: lines[at] + (at === lines.length - 1 ? "" : "\n") });
    if (step % 20 === 10) document.setPreamble("x = 1;\n".repeat(step));
    const whole = open(lines.join("\n"));
    for (let line = 0; line < 400; line += 37)
      assert.deepEqual(document.structureAt(line), whole.structureAt(line), `step ${step}, line ${line}`);
  }
});

test("CRLF, CR, a byte order mark, sentinel bytes and lone surrogates are normalized", () => {
  const document = open("\ufeffa\r\nb\rc\u0003d\n\ud800e");
  assert.deepEqual(document.lines(0, 9), ["a", "b", "cd", "\ufffde"]);
});

test("line edits give the same result as opening the edited text", () => {
  const random = randomFrom(3);
  const lines = ["", "  a();", "const é = 1;", "}", "// ---", "\tif (x) {"];
  let text: string[] = ["first", "second", ""];
  const document = open(text.join("\n"));
  for (let step = 0; step < 400; step++) {
    const startLine = random.below(text.length);
    const endLine = Math.min(text.length, startLine + 1 + random.below(3));
    const inserted = Array.from({ length: 1 + random.below(3) }, () => random.pick(lines));
    text = [...text.slice(0, startLine), ...inserted, ...text.slice(endLine)];
    const isAtEnd = endLine >= document.lineCount;
    document.edit({ startLine, endLine, text: inserted.join("\r\n") + (isAtEnd ? "" : "\r\n") });
    assertSame(document, text.join("\n"));
  }
});

test("the lowest changed byte of an edit is reported", () => {
  const document = open("one\ntwo\nthree");
  document.takeFirstEditedByte();
  document.edit({ startLine: 1, endLine: 2, text: "twa\n" });
  assert.equal(document.takeFirstEditedByte(), document.lineStart(1) + 2);
  document.edit({ startLine: 0, endLine: 1, text: "one\n" });
  assert.equal(document.takeFirstEditedByte(), Infinity);
});

test("a preamble is read before the text, and the lines are those of the text whatever is edited", () => {
  const random = randomFrom(7);
  const document = open("first\nsecond\n");
  let [preamble, text] = ["", ["first", "second", ""]];
  for (let step = 0; step < 200; step++) {
    if (random.below(3) === 0) {
      preamble = random.pick(["", "import a\n", "import a\nb = 1\n", 'x = """\n']);
      document.setPreamble(preamble);
    } else if (random.below(8) === 0) {
      text = random.pick([["one", "two"], [""], ["first", "second", "third"]]);
      document.setText(text.join("\n"));
    } else {
      const line = random.below(text.length);
      text[line] = random.pick(["x = 1", "", "  return a;", "é"]);
      const isLast = line === text.length - 1;
      document.edit({ startLine: line, endLine: line + 1, text: text[line] + (isLast ? "" : "\n") });
    }
    const whole = open(preamble + text.join("\n"));
    assert.deepEqual(document.tokens.tokens(0, 9e9), whole.tokens.tokens(0, 9e9), `step ${step}`);
    assert.equal(document.headerTokens, whole.headerTokens);
    assert.deepEqual(document.lines(0, 99), text);
    const above = preamble.split("\n").length - 1;
    for (let i = 0; i <= text.length; i++) assert.equal(document.lineStart(i), whole.lineStart(i + above));
    // The document's structure begins with its own text: a string that the preamble leaves open does not count.
    assert.deepEqual(document.structureAt(text.length - 1), open(text.join("\n")).structureAt(text.length - 1));
  }
});
