import { columnsIn, isComment, opensLevel } from "../structure/lines.js";
import type { InsertionPoint } from "../structure/insertionPoint.js";
import { isFlat, levelOf } from "../structure/levels.js";
import { withLinePrefix, reindentedLines, reindented } from "../structure/reindent.js";
import { statementColumns } from "../structure/statementColumns.js";
import type { Filter } from "./filter.js";

/** On a blank line of a block, removes leading newlines, so that the text begins on the cursor's line. */
export const firstLineEnd: Filter = (candidate, point) => {
  const { linePrefix, lastAbove } = point;
  const leading = /^(?:[^\S\n]*\n)+/.exec(candidate.text)?.[0];
  if (leading === undefined || linePrefix.trim() !== "") return candidate;
  const isInBlock = statementColumns(point) > 0 || (lastAbove !== undefined && opensLevel(lastAbove));
  if (!isInBlock) return candidate;
  const text = candidate.text.slice(leading.length);
  // The line already has this whitespace before the cursor.
  const content = text.startsWith(linePrefix) ? text.slice(linePrefix.length) : text.trimStart();
  return { ...candidate, text: content };
};

/**
 * Drops a leading space or tab that would double the whitespace before the cursor. It stays in strings and comments,
 * before a comment, and in the columns of a table.
 */
export const singleBlank: Filter = (candidate, point) => {
  const { linePrefix, state } = point;
  const isDoubled =
    /\S[ \t]+$/.test(linePrefix) && /^[ \t](?!\/\/|\/\*|#)\S/.test(candidate.text) && state.frame.mode === "code";
  return isDoubled && !continuesColumn(candidate.text, point)
    ? { ...candidate, text: candidate.text.trimStart() }
    : candidate;
};

/** True if a text's first word is aligned with a word of a nearby line that also has whitespace before it. */
function continuesColumn(text: string, { linePrefix, above, below, state }: InsertionPoint): boolean {
  const blanks = /^[ \t]*/.exec(text)?.[0] ?? "";
  const column = columnsIn(linePrefix + blanks);
  const sign = text.charAt(blanks.length);
  const [, next = ""] = text.split("\n");
  const lines = [...above.slice(-2).map((line) => line.text), next, ...below.slice(0, 2)];
  return lines.some((line) =>
    [...line.matchAll(/[ \t]+(?=(\S))/g)].some(({ index, 0: gap, 1: word = "" }) => {
      const isAligned = gap.length > 1 || gap === "\t" || state.frame.grammar.alignsColumns;
      const isTable = isAligned || (word === sign && /[^\w\s]/.test(sign));
      return isTable && index > 0 && columnsIn(line.slice(0, index + gap.length)) === column;
    }),
  );
}

/** Replaces the model's indentation with the document's. */
export const indentation: Filter = (candidate, point) => ({ ...candidate, text: reindented(candidate.text, point) });

/** Cuts a text before the first line that should be indented more than its opener and is not. */
export const deeperThanOpener: Filter = (candidate, point) => {
  if (!candidate.text.includes("\n") || isFlat(point)) return candidate;
  const lines = reindentedLines(candidate.text, point);
  const cutAt = lines.findIndex((line, i) => {
    const above = lines.slice(0, i).findLast(({ kind }) => kind !== "blank");
    if (above === undefined || line.kind !== "statement" || line.isCloser || isComment(line)) return false;
    if (above.kind !== "statement" || above.end.kind === "embedded" || line.start.grammar.labels.test(line.text))
      return false;
    const opener = above === lines[0] ? withLinePrefix(above, point) : above;
    // The arguments of a call may be indented in any way, and so may a body below arguments on lines of their own.
    const { closer, indent, mode } = opener.end;
    if (isComment(opener) || mode === "text" || closer === ")" || closer === "esac" || indent < opener.columns)
      return false;
    const [word = ""] = /\w+/.exec(opener.text) ?? [];
    if (opener.end.grammar.continuationWords.has(word)) return false;
    const level = above === lines[0] ? levelOf(above, above.targetColumns, point) : above.targetColumns;
    return opensLevel(opener) && line.targetColumns <= level && !isLabel(opener.text);
  });
  return cutAt === -1 ? candidate : { ...candidate, text: candidate.text.split("\n").slice(0, cutAt).join("\n") };
};

/** In some styles, cases and access labels have the same indentation as the lines that follow. */
function isLabel(line: string): boolean {
  return /^\s*(case\b.*|default|public|private|protected|signals|slots)\s*:\s*$/.test(line);
}
