import { opensLevel } from "../structure/lines.js";
import { reindentedLines, reindented, statementColumns, withLinePrefix } from "../structure/reindent.js";
import type { Filter } from "./filter.js";

/** On a blank line of a block, removes leading line ends, so that the text begins on the cursor's line. */
export const firstLineEnd: Filter = (candidate, point) => {
  const { linePrefix, lastAbove } = point;
  const isInBlock = statementColumns(point) > 0 || (lastAbove !== undefined && opensLevel(lastAbove));
  if (linePrefix.trim() !== "" || !isInBlock) return candidate;
  const leading = /^(?:[^\S\n]*\n)+/.exec(candidate.text)?.[0];
  if (leading === undefined) return candidate;
  const text = candidate.text.slice(leading.length);
  // The line prefix already provides this indentation.
  const content = text.startsWith(linePrefix) ? text.slice(linePrefix.length) : text.trimStart();
  return { ...candidate, text: content };
};

/**
 * Does not double a space before the cursor, except in strings, comments and markup text, or before a line's comment.
 */
export const singleBlank: Filter = (candidate, { linePrefix, state }) => {
  const isDoubled =
    /\S[ \t]$/.test(linePrefix) && /^[ \t](?!\/\/|\/\*|#)\S/.test(candidate.text) && state.frame.mode === "code";
  return isDoubled ? { ...candidate, text: candidate.text.trimStart() } : candidate;
};

/** Replaces the model's indentation style with the document's. */
export const indentation: Filter = (candidate, point) => ({ ...candidate, text: reindented(candidate.text, point) });

/** Cuts a text before the first line that should be indented more than its opener and is not. */
export const deeperThanOpener: Filter = (candidate, point) => {
  const lines = reindentedLines(candidate.text, point);
  const cutAt = lines.findIndex((line, i) => {
    const above = lines.slice(0, i).findLast(({ kind }) => kind !== "blank");
    if (above === undefined || line.kind !== "statement" || line.isCloser || above.kind !== "statement") return false;
    const opener = i > 0 && lines.indexOf(above) === 0 ? withLinePrefix(above, point) : above;
    return opensLevel(opener) && line.targetColumns <= above.targetColumns && !isLabel(opener.text);
  });
  return cutAt < 0 ? candidate : { ...candidate, text: candidate.text.split("\n").slice(0, cutAt).join("\n") };
};

/** In some styles, cases and access labels have the same indentation as the lines that follow. */
function isLabel(line: string): boolean {
  return /^\s*(case\b.*|default|public|private|protected|signals|slots)\s*:\s*$/.test(line);
}
