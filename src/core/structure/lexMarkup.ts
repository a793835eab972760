import { followsValue, isBlank, isLetter, isWordByte, latin1, lineAt, maxLookAhead, startsWithAt } from "./bytes.js";
import { closeElement } from "./closing.js";
import type { Frame } from "./frame.js";
import type { StringRule } from "./grammar.js";
import { isEndedBy, isPassedThrough, nameOf } from "./htmlElements.js";
import type { LexerCursor } from "./lexerCursor.js";
import { openComment } from "./lexStrings.js";

/** Consumes text between tags, then what ends it: a newline, a tag, a comment or an interpolation. */
export function lexText(cursor: LexerCursor, end: number): void {
  const { bytes } = cursor;
  let at = cursor.at;
  while (at < end && bytes[at] !== 0x3c && bytes[at] !== 0x0a && bytes[at] !== 0x7b) at++;
  cursor.at = at;
  if (at >= end) return;
  if (bytes[at] === 0x0a) cursor.newLine();
  else if (bytes[at] === 0x7b) openInterpolation(cursor);
  else if (bytes[at + 1] === 0x2f) lexEndTag(cursor);
  else if (!openComment(cursor)) openTag(cursor);
}

/**
 * Enters a template's {% … %} or {# … #} if it ends on its line, or if the text ends with that line.
 * @returns false if none begins here.
 */
function openTemplateTag(cursor: LexerCursor): boolean {
  const { bytes, at, frame } = cursor;
  const closer = { 0x25: "%}", 0x23: "#}" }[bytes[at + 1] ?? 0];
  if (closer === undefined || frame.grammar.textInterpolation !== "{{") return false;
  const line = lineAt(bytes, at + 2, at + maxLookAhead);
  if (!line.includes(closer) && at + 2 + line.length !== bytes.length) return false;
  cursor.open(cursor.inner("comment", closer), 2);
  return true;
}

/**
 * Enters what the brace opens, if anything: Svelte's {…}, or a template's tag or {{…}} that ends on its line or is at
 * the end of the text.
 */
function openInterpolation(cursor: LexerCursor): void {
  if (openTemplateTag(cursor)) return;
  const { bytes, at, frame } = cursor;
  if (frame.grammar.textInterpolation === "{") {
    cursor.open(cursor.inner("bracket", "}"), 1);
    return;
  }
  const code = bytes[at + 1] === 0x7b ? frame.grammar.embedded.get("{{") : undefined;
  const line = code === undefined ? "" : lineAt(bytes, at, at + maxLookAhead);
  const isOpen = line.includes("}}") || at + line.length === bytes.length;
  if (code !== undefined && isOpen) cursor.open(cursor.inner("embedded", "}}", { grammar: code() }), 2);
  else cursor.at++;
}

/** True if a JSX tag begins here. Only for code. */
export function startsTag({ bytes, at, frame }: LexerCursor): boolean {
  if (bytes[at] !== 0x3c || frame.grammar.markup !== "jsx" || followsValue(bytes, at)) return false;
  const next = bytes[at + 1] ?? 0;
  if (next === 0x3e) return true; // a fragment
  if (!isLetter(next)) return false;
  const end = at + 1 + tagNameAt(bytes, at + 1).length;
  return bytes[end] !== 0x2c && !startsWithAt(bytes, end, " extends "); // <T,>(x) => …, <T extends U>(x) => …
}

/** Enters the start tag that begins here. A `<` without a name is text, unless it begins the `<>` of a fragment. */
export function openTag(cursor: LexerCursor): void {
  const { bytes, at, frame } = cursor;
  const name = tagNameAt(bytes, at + 1);
  const embedded = name.startsWith("?") ? frame.grammar.embedded.get(name.toLowerCase()) : undefined;
  if (embedded !== undefined) {
    cursor.open(cursor.inner("embedded", "?>", { grammar: embedded() }), 1 + name.length);
  } else if (name !== "" || bytes[at + 1] === 0x3e) {
    endElementsBefore(cursor, name.toLowerCase());
    cursor.open(cursor.inner("tag", name), 1 + name.length);
  } else cursor.at++;
}

/** A start tag ends elements before it whose end tags are optional: `<li>` ends the previous item. */
function endElementsBefore(cursor: LexerCursor, name: string): void {
  if (cursor.frame.grammar.markup !== "html") return;
  let ended: Frame | undefined;
  for (let frame: Frame | undefined = cursor.frame; frame?.kind === "element"; frame = frame.parent) {
    const open = nameOf(frame.closer);
    if (!isPassedThrough(open)) break;
    if (isEndedBy(open, name)) ended = frame;
  }
  const depth = ended?.depth ?? Infinity;
  while (cursor.frame.depth >= depth) cursor.abandon();
}

function lexEndTag(cursor: LexerCursor): void {
  const name = tagNameAt(cursor.bytes, cursor.at + 2);
  const length = 2 + name.length + signAfter(cursor.bytes, cursor.at + 2 + name.length);
  const closed = closeElement(cursor.frame, name, cursor.columnsIfFirst);
  // `</p>` is skipped if its element is not open, because a start tag may have ended it. Some documents also have end
  // tags of void elements, which are skipped as well.
  const { markup, voidElements } = cursor.frame.grammar;
  const isHarmless = voidElements.has(name.toLowerCase()) || (markup === "html" && name.toLowerCase() === "p");
  if (closed === undefined && isHarmless) cursor.at += length;
  else if (closed === undefined) cursor.unmatched(`</${name}>`, length);
  else cursor.close(closed, length);
}

/** Number of bytes up to and including the > of an end tag, which may be on the next line; 0 if there is none. */
function signAfter(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at - from < maxNameBytes && (isBlank(bytes[at] ?? 0) || bytes[at] === 0x0a)) at++;
  return bytes[at] === 0x3e ? at + 1 - from : 0;
}

const attributeRules: Readonly<Record<string, StringRule>> = {
  '"': { closer: '"', escape: "none", isMultiline: true },
  "'": { closer: "'", escape: "none", isMultiline: true },
};

/**
 * Consumes a part of a start tag up to a byte that opens or ends something: a quote, a brace, `>`, `<` or a newline.
 */
export function lexTag(cursor: LexerCursor, end: number): void {
  const { bytes } = cursor;
  for (; cursor.at < end; cursor.at++) {
    const character = String.fromCharCode(bytes[cursor.at] ?? 0);
    const rule = attributeRules[character];
    if (rule !== undefined) cursor.open(cursor.inner("string", rule.closer, { rule }), 1);
    else if (character === "{" && cursor.frame.grammar.textInterpolation === "{")
      cursor.open(cursor.inner("bracket", "}"), 1);
    else if (character === "{" && openTemplateTag(cursor)) return;
    else if (character === ">") endStartTag(cursor);
    else if (character === "<") cursor.abandon();
    else if (character === "\n") cursor.newLine();
    else continue;
    return;
  }
}

function endStartTag(cursor: LexerCursor): void {
  const tag = cursor.frame;
  const { grammar, indent, closer: name } = tag;
  const hasNoContent = cursor.bytes[cursor.at - 1] === 0x2f || grammar.voidElements.has(name.toLowerCase());
  if (hasNoContent || tag.parent === undefined || /^[!?]/.test(name)) {
    cursor.close(tag, 1);
    return;
  }
  const embedded = grammar.embedded.get(name.toLowerCase());
  const kind = embedded === undefined ? "element" : "embedded";
  cursor.close(tag, 0);
  cursor.open(tag.parent.inner({ kind, closer: `</${name}>`, indent, grammar: embedded?.() ?? grammar }), 1);
}

const maxNameBytes = 60;

function tagNameAt(bytes: Uint8Array, at: number): string {
  let end = at;
  while (end - at < maxNameBytes && isNameByte(bytes[end] ?? 0)) end++;
  return latin1(bytes, at, end);
}

/** Letters, digits and the punctuation of names such as my-element, a.b, xs:string, !doctype, ?php, ?=. */
function isNameByte(byte: number): boolean {
  return isWordByte(byte) || "-.:!?=".includes(String.fromCharCode(byte));
}
