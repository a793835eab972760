import type { Frame } from "./frame.js";
import type { Grammar } from "./grammar.js";
import { Lexer } from "./lexer.js";
import { tabColumns, type LexerState } from "./lexerCursor.js";

/** A line of code and its place in the structure. */
export interface CodeLine {
  readonly text: string;
  /** Columns of its indentation; those of a blank line say nothing. */
  readonly columns: number;
  /** Columns of the statement that it belongs to, at the line's end. */
  readonly indent: number;
  /** What is open at its start and at its end. */
  readonly start: Frame;
  readonly end: Frame;
  readonly kind:
    | "blank"
    /** Within a string or a comment that began above: its blanks are text. */
    | "text"
    /** Within brackets that opened above, with more after them on their line: it may be aligned with anything. */
    | "continuation"
    | "statement";
  /** Its first token closes something. */
  readonly isCloser: boolean;
}

/**
 * The lines of a text without its last line end, lexed from a state on.
 * @param hanging frames whose opener was the last thing on its line, so that what they hold is one level deeper; added to.
 */
export function codeLines(text: string, state: LexerState, hanging = new Set<Frame>()): CodeLine[] {
  const bytes = new TextEncoder().encode(text);
  const lexer = new Lexer(bytes, 0, state);
  const lines: CodeLine[] = [];
  for (let start = 0; ;) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    const first = lexer.frame;
    lexer.advance(end);
    const line = utf8.decode(bytes.subarray(start, end));
    const { frame, indent } = lexer.state;
    lines.push({
      text: line,
      columns: columnsOf(line),
      indent,
      start: first,
      end: frame,
      ...kindOf(line, first, hanging),
    });
    if (/[([{]\s*$/.test(line)) hanging.add(frame);
    else if (frame.depth > first.depth) hanging.delete(frame);
    if (found < 0) return lines;
    start = found + 1;
    lexer.advance(start);
  }
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Words in the middle of a block, as deep as what opens it. */
const middle = /^\s*(then|do|else|elif|elsif|rescue|ensure|when)\b/;

function kindOf(text: string, start: Frame, hanging: ReadonlySet<Frame>): Pick<CodeLine, "kind" | "isCloser"> {
  const { kind, closer, grammar } = start;
  if (text.trim() === "") return { kind: "blank", isCloser: false };
  // The stars of a comment are aligned, however deep they are.
  if (kind === "comment" && /^\s*\*/.test(text)) return { kind: "continuation", isCloser: false };
  if (kind === "string" || kind === "comment") return { kind: "text", isCloser: false };
  const isCloser =
    /^\s*([)\]}]|<\/)/.test(text) || closesBlock(text, grammar) || (grammar.blockWords.size > 0 && middle.test(text));
  const isContinuation = (kind === "bracket" && closer !== "}" && !hanging.has(start)) || kind === "tag";
  return { kind: isContinuation && !isCloser ? "continuation" : "statement", isCloser };
}

/** True if a line begins with a word that closes a block in its language. */
export function closesBlock(line: string, { blockWords }: Grammar): boolean {
  const [, word = ""] = /^\s*([a-z]+)(?![\w:?])/.exec(line) ?? [];
  return blockWords.get(word)?.does === "close";
}

/** True for a line that holds nothing but a comment. */
export function isComment({ text, start }: CodeLine): boolean {
  const code = text.trimStart();
  const { lineComments, blockComments } = start.grammar;
  return [...lineComments, ...blockComments.map(([opener]) => opener)].some((opener) => code.startsWith(opener));
}

/** True if the lines below it are one level deeper. */
export function opensLevel({ text, start, end, kind }: CodeLine): boolean {
  if (kind === "blank" || kind === "text") return false;
  // Code in a comment opens nothing; code before a comment does.
  const isCommented = end.kind === "comment" && end.closer === "\n";
  const code = isCommented ? (end.parent ?? end) : end;
  if (code.depth > start.depth && code.kind !== "string" && code.kind !== "comment") return true;
  return !isCommented && opensByText(text, end);
}

/** An opener that follows a closer (`} else {`, `);`), a colon of Python or of a label, an arrow. */
function opensByText(text: string, { grammar }: Frame): boolean {
  const code = text.trimEnd();
  if (/[{([]$|=>$/.test(code)) return true;
  return code.endsWith(":") && (grammar.blocksByIndentation || /^\s*(case\b.*|default):$/.test(code));
}

/** Columns of a line's indentation. */
export function columnsOf(line: string): number {
  let columns = 0;
  for (const unit of line) {
    if (unit === " ") columns++;
    else if (unit === "\t") columns += tabColumns - (columns % tabColumns);
    else break;
  }
  return columns;
}
