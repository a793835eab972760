import { indentationOf } from "../text/indentationOf.js";
import type { Filter } from "./filter.js";

/** Indents as the document does: its tabs or its spaces, whatever the model wrote. */
export const indentation: Filter = (candidate, { typed, above, below }) => {
  const unit = unitOf([typed, ...above.toReversed(), ...below]);
  if (unit === undefined) return candidate;
  const lines = candidate.text.split("\n");
  const first = typed.trim() === "" ? 0 : 1;
  const text = lines.map((line, i) => (i < first ? line : reindented(line, unit))).join("\n");
  return { ...candidate, text };
};

/** The indentation of one level, from the lines around; undefined where no line is indented. */
export function unitOf(lines: readonly string[]): string | undefined {
  // The lines of a block comment are indented by one more than a level.
  const indents = lines
    .filter((line) => !line.trim().startsWith("*"))
    .map(indentationOf)
    .filter((indent) => indent !== "");
  const [nearest] = indents;
  if (nearest === undefined) return undefined;
  if (nearest.startsWith("\t")) return "\t";
  const least = Math.min(...indents.filter((indent) => !indent.includes("\t")).map((indent) => indent.length));
  return " ".repeat(least);
}

function reindented(line: string, unit: string): string {
  const indent = indentationOf(line);
  const rest = line.slice(indent.length);
  if (unit !== "\t") return indent.replaceAll("\t", unit) + rest;
  if (!indent.includes(" ")) return line;
  // Without a document in spaces to measure, a level in the model's spaces is four, or two where four do not divide.
  const spaces = indent.replaceAll("\t", "    ").length;
  return "\t".repeat(Math.round(spaces % 4 === 0 ? spaces / 4 : spaces / 2)) + rest;
}
