import { opensLevel } from "../structure/lines.js";
import { lineAsWhole, placedLines, reindented, statementColumns } from "../structure/reindent.js";
import type { Filter } from "./filter.js";

/** On an empty line of a block the text begins there, not on a line of its own below. */
export const firstLineEnd: Filter = (candidate, point) => {
  const { linePrefix, lastAbove } = point;
  const isInBlock = statementColumns(point) > 0 || (lastAbove !== undefined && opensLevel(lastAbove));
  if (linePrefix.trim() !== "" || !isInBlock) return candidate;
  const leading = /^(?:[^\S\n]*\n)+/.exec(candidate.text)?.[0];
  if (leading === undefined) return candidate;
  const text = candidate.text.slice(leading.length);
  // The line already has these blanks before the cursor.
  const own = text.startsWith(linePrefix) ? text.slice(linePrefix.length) : text.trimStart();
  return { ...candidate, text: own };
};

/** A blank before the cursor is not doubled, except in text and before a comment at the line's end. */
export const singleBlank: Filter = (candidate, { linePrefix, state }) => {
  const isDoubled =
    /\S[ \t]$/.test(linePrefix) && /^[ \t](?!\/\/|\/\*|#)\S/.test(candidate.text) && state.frame.mode === "code";
  return isDoubled ? { ...candidate, text: candidate.text.trimStart() } : candidate;
};

/** Indents as the document does, whatever the model wrote. */
export const indentation: Filter = (candidate, point) => ({ ...candidate, text: reindented(candidate.text, point) });

/** Cuts a text before a line that should be deeper than its opener and is not. */
export const deeperThanOpener: Filter = (candidate, point) => {
  const lines = placedLines(candidate.text, point);
  const tornAt = lines.findIndex((line, i) => {
    const above = lines.slice(0, i).findLast(({ kind }) => kind !== "blank");
    if (above === undefined || line.kind !== "statement" || line.isCloser || above.kind !== "statement") return false;
    const opener = i > 0 && lines.indexOf(above) === 0 ? lineAsWhole(above, point) : above;
    return opensLevel(opener) && line.placed <= above.placed && !isLabel(opener.text);
  });
  return tornAt < 0 ? candidate : { ...candidate, text: candidate.text.split("\n").slice(0, tornAt).join("\n") };
};

/** Cases and access labels are as deep as what follows, in some styles. */
function isLabel(line: string): boolean {
  return /^\s*(case\b.*|default|public|private|protected|signals|slots)\s*:\s*$/.test(line);
}
