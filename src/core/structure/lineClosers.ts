import { closersOnOwnLine } from "./completing.js";
import { framesInside, type Frame } from "./frame.js";
import { indentation } from "./indentStyle.js";
import { fitted } from "./insertion.js";
import type { Insertion, InsertionPoint } from "./insertionPoint.js";
import { traced } from "./trace.js";

/**
 * Closes what the cursor's line leaves open, for text that the user does not continue. If the text is at the end of the
 * line, adds the closers of the outermost string, parenthesis, bracket or backtick that the line opened before the
 * cursor, and of everything open in it, unless something below closes them.
 */
export function withLineClosed(insertion: Insertion, point: InsertionPoint): Insertion {
  const { site, closedAt } = point.surroundings;
  if (site.after.slice(insertion.replaced).trim() !== "") return insertion;
  const { frame, outerDepth } = traced(insertion.text, point);
  const isLeftOpen = ({ kind, closer, depth, grammar }: Frame): boolean =>
    (kind === "string" || (/^[)\]`]$/.test(closer) && !grammar.sentenceClosers.includes(closer))) &&
    depth <= outerDepth &&
    closedAt[depth]?.kind === "nowhere";
  const outermost = framesInside(frame, point.lineStart.frame.depth).findLast(isLeftOpen);
  const open = outermost === undefined ? [] : framesInside(frame, outermost.depth - 1);
  if (open.length === 0 || !open.every(isClosedByCharacter)) return insertion;
  const text = insertion.text + lineEndBeforeClosers(insertion.text, point);
  const isOnOwnLine = closersOnOwnLine(text, point);
  const closers = open.map((one) =>
    isOnOwnLine(one) ? `\n${indentation(one.indent, point.unit)}${one.closer}` : one.closer,
  );
  return fitted(text + closers.join(""), point, "closed") ?? insertion;
}

function isClosedByCharacter({ kind, closer }: Frame): boolean {
  return (kind === "string" || kind === "bracket") && closer.length === 1;
}

/**
 * The newline and indentation that must precede the closers. They are needed after a backslash, which would escape the
 * closers, and after the end of a heredoc, which must be alone on its line. Empty otherwise.
 */
function lineEndBeforeClosers(text: string, { linePrefix }: InsertionPoint): string {
  const lines = (linePrefix + text).split("\n");
  const last = lines.at(-1) ?? "";
  const isContinued = /(^|[^\\])(\\\\)*\\$/.test(last);
  const isHeredocEnd =
    /^\s*\w+$/.test(last) && lines.some((line) => new RegExp(`<<[<~-]?["'\\s\\\\]*${last.trim()}\\b`).test(line));
  return isContinued || isHeredocEnd ? `\n${/^[ \t]*/.exec(last)?.[0] ?? ""}` : "";
}
