// Which lines open levels of indentation, and whether a document indents them.
import type { Frame } from "./frame.js";
import { beginsContinued } from "./grammar.js";
import { isEndedBy, nameOf } from "./htmlElements.js";
import type { InsertionPoint } from "./insertionPoint.js";
import { columnsOf, isComment, opensLevel, type CodeLine } from "./lines.js";

/**
 * True if the content of most blocks and markup elements near the cursor is not indented, or if the cursor is right
 * inside a script or style element, whose content may begin at any depth. Only the nearest blocks count, because a
 * single style sheet or object in a file may be flat.
 */
export function isFlat({ lastAbove, above, below, state }: InsertionPoint): boolean {
  if (lastAbove?.end.kind === "embedded") return true;
  const { grammar } = state.frame;
  if (grammar.blocksByIndentation) return false;
  let seen = 0;
  let flat = 0;
  for (const [i, opener] of below.entries()) {
    const line = below[i + 1] ?? "";
    if (seen >= maxOpenersBelow) break;
    if (!/[{[]\s*$/.test(opener) || !/^\s*[^\s)\]}#/]/.test(line)) continue;
    seen++;
    if (columnsOf(line) <= columnsOf(opener)) flat++;
  }
  for (let i = above.length - 1; i > 0 && seen < maxOpenersSeen; i--) {
    const [line, opener] = [above[i], above[i - 1]];
    if (line === undefined || opener === undefined || line.kind !== "statement" || line.isCloser) continue;
    if (!opensLevel(opener) || !needsLevel(line, opener)) continue;
    seen++;
    if (line.columns <= opener.columns) flat++;
  }
  return flat * 2 > seen;
}

/** Maximum number of openers that are examined to decide whether a document is flat: in total, and below the cursor. */
const [maxOpenersSeen, maxOpenersBelow] = [12, 3];

/**
 * True if a line right below another must be indented more. Labels, comments and the content of containers need not be.
 */
export function needsLevel({ text, isCloser }: CodeLine, above: CodeLine): boolean {
  const { closer, grammar } = above.end;
  if (!isHanging(above) || isComment(above) || isCloser || closer === "esac") return false;
  if (isParagraph(above) || isSibling(text, above.end)) return false;
  return !opensContainer(above) && !grammar.labels.test(text);
}

/** True if a line ends within the text of an element, such as a paragraph, which may continue at any depth. */
export function isParagraph({ text, end }: CodeLine): boolean {
  return end.kind === "element" && !/>\s*$/.test(text);
}

/** True if a line begins with a start tag that ends the element, such as the next item of a list. */
export function isSibling(line: string, { kind, closer, grammar }: Frame): boolean {
  const [, tag = ""] = /^\s*<([\w-]+)/.exec(line) ?? [];
  return kind === "element" && grammar.markup === "html" && isEndedBy(nameOf(closer), tag.toLowerCase());
}

/** True if a line opens a container whose content need not be indented, such as a namespace or a script. */
export function opensContainer({ text, end }: CodeLine): boolean {
  return end.kind === "embedded" || end.grammar.containers.test(text);
}

/** True if a line opens a level with its last token. After `f(a,` the next line may be aligned with `a` instead. */
export function isHanging(line: CodeLine): boolean {
  return opensLevel(line) && (line.end.kind !== "bracket" || /[([{:>]\s*(?:\/\/.*|#.*)?$/.test(line.text));
}

/**
 * The column from which a text's levels count: that of the statement above if the text continues it, otherwise `start`.
 */
export function levelOf(first: CodeLine, start: number, { lastAbove, linePrefix }: InsertionPoint): number {
  const code = (linePrefix + first.text).trimStart();
  const { grammar } = first.start;
  const continues = grammar.continuationWords.has(/^\w+/.exec(code)?.[0] ?? "") || beginsContinued(code, grammar);
  return continues && lastAbove !== undefined ? lastAbove.indent : start;
}
