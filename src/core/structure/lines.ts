import type { Frame } from "./frame.js";
import type { Grammar } from "./grammar.js";
import { Lexer } from "./lexer.js";
import { tabColumns, type LexerState } from "./lexerCursor.js";

/** A line of code with its position in the document's structure. */
export interface CodeLine {
  readonly text: string;
  /** The line's indentation in columns; meaningless for a blank line. */
  readonly columns: number;
  /** Indentation in columns of the statement that is open at the end of the line. */
  readonly indent: number;
  /** The frames at the line's start and at its end. */
  readonly start: Frame;
  readonly end: Frame;
  readonly kind:
    | "blank"
    /** Inside a string or a comment that began above, so the line's leading whitespace is content. */
    | "text"
    /**
     * Continues a line above, for example inside a bracket that is followed by more text: it may be aligned with that
     * text.
     */
    | "continuation"
    | "statement";
  /** True if the line's first token closes a frame, or begins a middle part of a block such as `else`. */
  readonly isCloser: boolean;
}

/**
 * The lines of a text, lexed from a given state. After a final newline there is an empty one.
 * @param before the text on the same line before `text`, which may decide the meaning of its first words.
 * @param hanging frames whose opener was the last token on its line, so that their content is one level deeper. Such
 * frames of this text are added to the set.
 */
export function codeLines(text: string, state: LexerState, hanging = new Set<Frame>(), before = ""): CodeLine[] {
  const bytes = new TextEncoder().encode(before + text);
  const from = new TextEncoder().encode(before).length;
  return readLines(new Lexer(bytes, from, state), bytes.length, hanging, before);
}

/**
 * Lets the lexer read up to byte offset `end`, the end of a line. @returns the lines that it has read.
 * @param hanging, before as in `codeLines`.
 */
export function readLines(lexer: Lexer, end: number, hanging: Set<Frame>, before = ""): CodeLine[] {
  const { bytes } = lexer;
  const lines: CodeLine[] = [];
  const texts = utf8.decode(bytes.subarray(lexer.at, end)).split("\n");
  for (let start = lexer.at; ;) {
    const found = bytes.indexOf(0x0a, start);
    const lineEnd = found === -1 ? end : Math.min(found, end);
    const atStart = lexer.state;
    lexer.advance(lineEnd);
    const line = texts[lines.length] ?? "";
    const { frame, indent, condition } = lexer.state;
    // A directive that begins or ends a branch of a condition opens and closes nothing.
    const startFrame = condition === atStart.condition ? atStart.frame : frame;
    lines.push({
      text: line,
      columns: columnsOf(line),
      indent,
      start: startFrame,
      end: frame,
      ...kindOf(line, startFrame, { hanging, lines, before }),
    });
    if (/[([{]\s*$/.test(line)) hanging.add(frame);
    else if (frame.depth > startFrame.depth) hanging.delete(frame);
    if (lineEnd >= end) return lines;
    start = lineEnd + 1;
    lexer.advance(start);
  }
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

function kindOf(
  text: string,
  start: Frame,
  { hanging, lines, before }: { hanging: ReadonlySet<Frame>; lines: readonly CodeLine[]; before: string },
): Pick<CodeLine, "kind" | "isCloser"> {
  const { kind, closer, grammar } = start;
  if (text.trim() === "") return { kind: "blank", isCloser: false };
  // The asterisks of a block comment are aligned with its opener, not indented by levels.
  if (kind === "comment" && /^\s*\*/.test(text)) return { kind: "continuation", isCloser: false };
  if (kind === "string" || kind === "comment") return { kind: "text", isCloser: false };
  const isCloser = /^\s*([)\]}]|<\/)/.test(text) || closesBlock(text, grammar) || beginsMiddle(text, grammar);
  // Text between tags continues across lines.
  const isProse = start.mode === "text" && grammar.markup !== "jsx" && !/^\s*[<{]/.test(text);
  const isContinuation =
    (kind === "bracket" && closer !== "}" && !hanging.has(start)) ||
    kind === "tag" ||
    isProse ||
    lines.at(-1)?.text.endsWith("\\") === true ||
    (kind === "block" && columnsOf(text) > start.indent + widestLevel && isAligned(start, lines, before));
  return { kind: isContinuation && !isCloser ? "continuation" : "statement", isCloser };
}

/**
 * Maximum width of a level in a block between words, such as `do` and `end`. A line indented more may be aligned
 * instead.
 */
const widestLevel = 4;

/**
 * True if the word that opens a block does not begin its line, as in `x = if a`. The block may be aligned with the
 * word.
 */
function isAligned({ depth }: Frame, lines: readonly CodeLine[], before: string): boolean {
  const opener = lines.findLast(({ start, end }) => start.depth < depth && end.depth >= depth);
  const text = opener === undefined ? before : opener === lines[0] ? before + opener.text : opener.text;
  return /([=([{,]|<<|&&|\|\||\breturn)\s*(if|unless|case|while|until|begin|for|let|try)\b/.test(text);
}

/** True if a line begins with a word that closes a block in this language. */
export function closesBlock(line: string, { blockWords }: Grammar): boolean {
  const [, word = ""] = /^\s*([a-z]+)(?![\w:?])/.exec(line) ?? [];
  return blockWords.get(word)?.does === "close";
}

/** True if a line begins a middle part, such as `else`, of a block that a word ends. */
export function beginsMiddle(line: string, { blockWords, middleOfBlock }: Grammar): boolean {
  return blockWords.size !== 0 && middleOfBlock.test(line);
}

/** True if a line begins with a comment. */
export function isComment({ text, start }: CodeLine): boolean {
  const code = text.trimStart();
  const { lineComments, commentLine, blockComments, decorator } = start.grammar;
  if (decorator.test(code)) return false; // #[a] in PHP
  if (commentLine?.test(text) === true) return true;
  return [...lineComments, ...blockComments.map(([opener]) => opener)].some((opener) => code.startsWith(opener));
}

const caseWords = ["case", "default", "when"];

/** True if a line begins a case of a switch, which some styles indent as much as the switch. */
export function isCase(line: string): boolean {
  return caseWords.includes(/^\s*([a-z]+)\b/.exec(line)?.[1] ?? "");
}

/** True if a line begins a case, or may begin one once its last word is complete. */
export function mayBeginCase(line: string): boolean {
  return isCase(line) || caseWords.some((word) => word.startsWith(line.trim()));
}

/** True if the lines after this one should be one level deeper. */
export function opensLevel({ text, start, end, kind }: Pick<CodeLine, "text" | "start" | "end" | "kind">): boolean {
  if (kind === "blank" || kind === "text") return false;
  // Only the code before a line comment can open a level.
  const isCommented = end.kind === "comment" && end.closer === "\n";
  const code = isCommented ? (end.parent ?? end) : end;
  if (code.depth > start.depth && code.kind !== "string" && code.kind !== "comment") return true;
  return !isCommented && opensByText(text, end);
}

/**
 * True if the line ends with an opener, even after a closer (`} else {`), with an arrow, or with the colon of a block,
 * or if it begins a middle part of a block that a word ends.
 */
function opensByText(text: string, { grammar }: Frame): boolean {
  const code = text.trimEnd();
  if (/[{([]$|=>$/.test(code)) return true;
  if (beginsMiddle(text, grammar) && !/\bthen\s+\S/.test(text)) return true;
  return code.endsWith(":") && (grammar.blocksByIndentation || /^\s*(case\b.*|default):$/.test(code));
}

/** True for the head of a C-style statement whose body is the next line, without braces. */
export function isBraceless({ text, start }: CodeLine): boolean {
  return start.grammar.blockWords.size === 0 && /^\s*((if|for|while)\b.*\)|else)\s*$/.test(text);
}

/** A line's indentation in columns. */
export function columnsOf(line: string): number {
  let columns = 0;
  for (let at = 0; ; at++) {
    const unit = line.charCodeAt(at);
    if (unit === 0x20) columns++;
    else if (unit === 0x09) columns += tabColumns - (columns % tabColumns);
    else return columns;
  }
}

/** Width of a text in columns. */
export function columnsIn(text: string): number {
  let columns = 0;
  for (const unit of text) columns += unit === "\t" ? tabColumns - (columns % tabColumns) : 1;
  return columns;
}

/** The part of a text before the line with index `line`. */
export function beforeLine(text: string, line: number): string {
  return text.split("\n").slice(0, line).join("\n");
}
