import assert from "node:assert/strict";
import test from "node:test";
import type { QuoteMatcher } from "../../src/core/structure/grammar.js";
import {
  apostropheOutsideWords,
  byPrefix,
  characterLiteral,
  cppQuote,
  heredocs,
  luaLongBracket,
  quoted,
  rustQuote,
  tripled,
} from "../../src/core/structure/quotes.js";

/** The opening text and the closer of the string that the quote after ║ opens; undefined if it opens none. */
function openedBy(matcher: QuoteMatcher, marked: string): readonly [opener: string, closer: string] | undefined {
  const bytes = Buffer.from(marked.replace("║", ""));
  const at = Buffer.byteLength(marked.slice(0, marked.indexOf("║")));
  const opening = matcher(bytes, at);
  return opening && [bytes.toString("utf8", at, at + opening.length), opening.rule.closer];
}

for (const [claim, marked, isOpened] of [
  ["one character", "║'a'", true],
  ["a character of two bytes", "║'é'", true],
  ["the first character of three bytes", "║'ࠀ'", true],
  ["a character of three bytes", "║'한'", true],
  ["the first character of four bytes", "║'𐀀'", true],
  ["a character of four bytes", "║'😀'", true],
  ["not two characters", "║'ab'", false],
  ["the last character of two bytes", "║'\u07ff'", true],
  ["the last character of three bytes", "║'\uffff'", true],
  ["not two apostrophes", "║''", false],
  ["not a newline", "║'\n'", false],
  ["an escape", "║'\\n'", true],
  ["an escaped apostrophe", "║'\\''", true],
  ["the longest escape of C", "║'\\U0010ffff'", true],
  ["the longest escape of Rust", "║'\\u{10ffff}'", true],
  ["not a longer escape", "║'\\u{010ffff}'", false],
  ["an escape at the end of the line", "║'\\n'\n", true],
  ["not an escape that ends on the next line", "║'\\n\n'", false],
  ["not an escape that never ends", "║'\\n", false],
  ["not a lifetime", "<║'a, 'b>", false],
  ["not a separator of digits", "1║'0'00", false],
  ["a character with a prefix of C", "L║'a'", true],
  ["a character with a prefix of C++", "u8║'a'", true],
  ["a character with C's prefix for Unicode", "u║'a'", true],
  ["a character with C's prefix for longer characters", "U║'a'", true],
  ["a character with a prefix of Rust", "b║'a'", true],
  ["not a character after a longer word", "ab║'a'", false],
  ["not a character after a word that ends like a prefix", "aL║'a'", false],
  ["not an apostrophe at the end of the text", "║'", false],
] as const) {
  test(`a character literal: ${claim}`, () => {
    assert.deepEqual(openedBy(characterLiteral, marked), isOpened ? ["'", "'"] : undefined);
  });
}

test("an apostrophe opens a string, but not within or after a word", () => {
  for (const marked of ["║'a'", " ║'a'", "(║'", "=║'"]) {
    assert.deepEqual(openedBy(apostropheOutsideWords, marked), ["'", "'"], marked);
  }
  for (const marked of ["don║'t", "users║' ", "é║'", "9║'"]) {
    assert.equal(openedBy(apostropheOutsideWords, marked), undefined, marked);
  }
});

const hashes = "#".repeat(16);
for (const [claim, marked, opener, closer] of [
  ["an ordinary one", 'let a = ║"b"', '"', '"'],
  ["a raw one", 'r║"b"', '"', '"'],
  ["a raw one with hashes", 'r##║"b"##', '"', '"##'],
  ["raw bytes", 'br#║"b"#', '"', '"#'],
  ["a raw one with 16 hashes", `r${hashes}║"b"`, '"', `"${hashes}`],
  ["an ordinary one after more than 16 hashes", `r#${hashes}║"b"`, '"', '"'],
  ["an ordinary one after hashes without a letter", '##║"b"', '"', '"'],
  ["an ordinary one after a word that ends with r", 'bar#║"b"', '"', '"'],
] as const) {
  test(`a string of Rust: ${claim}`, () => {
    assert.deepEqual(openedBy(rustQuote, marked), [opener, closer]);
  });
}

test("in Rust, each string may have several lines, and only a raw one has no escapes", () => {
  const ruleAfter = (prefix: string) => rustQuote(Buffer.from(`${prefix}"`), prefix.length)?.rule;
  assert.deepEqual(ruleAfter("r"), { closer: '"', escape: "none", isMultiline: true });
  assert.deepEqual(ruleAfter("b"), { closer: '"', escape: "backslash", isMultiline: true });
});

const delimiter = "delimiterOf16___";
for (const [claim, marked, opener, closer] of [
  ["an ordinary one", '║"a(b)"', '"', '"'],
  ["a raw one", 'R║"(a)"', '"(', ')"'],
  ["a raw one with a prefix", 'u8R║"(a)"', '"(', ')"'],
  ["a raw one with a delimiter", 'R║"xy(a)xy"', '"xy(', ')xy"'],
  ["a raw one with a delimiter of 16 characters", `R║"${delimiter}(a)`, `"${delimiter}(`, `)${delimiter}"`],
  ["an ordinary one with a longer delimiter", `R║"_${delimiter}(a)`, '"', '"'],
  ["an ordinary one if a delimiter would cross the line's end", 'R║"a\n(', '"', '"'],
  ["an ordinary one if a delimiter would reach the text's end", 'R║"a', '"', '"'],
  ["an ordinary one after a word that does not end with R", 'Rx║"(a)"', '"', '"'],
] as const) {
  test(`a string of C++: ${claim}`, () => {
    assert.deepEqual(openedBy(cppQuote, marked), [opener, closer]);
  });
}

test("in C++, only a raw string may have several lines, and it has no escapes", () => {
  assert.deepEqual(cppQuote(Buffer.from('R"('), 1)?.rule, { closer: ')"', escape: "none", isMultiline: true });
  assert.deepEqual(cppQuote(Buffer.from('L"('), 1)?.rule, { closer: '"', escape: "backslash", isMultiline: false });
});

const level = "=".repeat(16);
for (const [claim, marked, expected] of [
  ["of level 0", "x = ║[[a]]", ["[[", "]]"]],
  ["of level 2", "x = ║[==[a]==]", ["[==[", "]==]"]],
  ["of level 16", `x = ║[${level}[`, [`[${level}[`, `]${level}]`]],
  ["not an opener of a higher level", `║[=${level}[`, undefined],
  ["not a single bracket", "║[a]", undefined],
  ["not a bracket with an equals sign alone", "║[=a[", undefined],
] as const) {
  test(`a long bracket of Lua: ${claim}`, () => {
    assert.deepEqual(openedBy(luaLongBracket, marked), expected);
  });
}

test("a long bracket of Lua holds several lines without escapes", () => {
  assert.deepEqual(luaLongBracket(Buffer.from("[["), 0)?.rule, { closer: "]]", escape: "none", isMultiline: true });
});

test("a quote opens a string of one line with escapes, unless the language has others", () => {
  assert.deepEqual(quoted("'")(Buffer.from("'"), 0), {
    length: 1,
    rule: { closer: "'", escape: "backslash", isMultiline: false },
  });
  const raw = quoted("`", { isMultiline: true, escape: "none" });
  assert.deepEqual(raw(Buffer.from("`"), 0)?.rule, { closer: "`", escape: "none", isMultiline: true });
});

test("three quotes open a string of several lines, and fewer quotes a string of one line", () => {
  const matcher = tripled('"', quoted('"'), { escape: "none" });
  assert.deepEqual(openedBy(matcher, '║"""a'), ['"""', '"""']);
  assert.deepEqual(openedBy(matcher, '║""'), ['"', '"']);
  assert.deepEqual(openedBy(matcher, '║"a"'), ['"', '"']);
  assert.deepEqual(openedBy(matcher, '║"a""'), ['"', '"']);
  assert.deepEqual(matcher(Buffer.from('"""'), 0)?.rule, { closer: '"""', escape: "none", isMultiline: true });
});

test("letters before a quote choose its string", () => {
  const matcher = byPrefix(/^f$/, quoted("f"), quoted("'"));
  assert.equal(openedBy(matcher, "f║'")?.[1], "f");
  assert.equal(openedBy(matcher, "ff║'")?.[1], "'");
  assert.equal(openedBy(matcher, "║'")?.[1], "'");
});

test("a heredoc ends at its word, and a quoted word makes it raw", () => {
  const heredoc = heredocs(/^<<(')?(\w+)/, "${", { endsInterpolations: true });
  const shared = { closer: "END", isMultiline: true, isHeredoc: true, endsInterpolations: true };
  assert.deepEqual(heredoc("<<END"), { ...shared, escape: "backslash", interpolation: "${" });
  assert.deepEqual(heredoc("<<'END'"), { ...shared, escape: "none" });
  assert.equal(heredoc("<< 1"), undefined);
});
