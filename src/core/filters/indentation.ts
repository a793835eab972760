import { indentationOf } from "../text/indentationOf.js";
import type { Filter } from "./filter.js";

/** Indents as the document does: its tabs or its spaces, whatever the model wrote. */
export const indentation: Filter = (candidate, { typed, above, below }) => {
  const unit = unitOf([...above, typed], below);
  if (unit === undefined) return candidate;
  const lines = candidate.text.split("\n");
  const first = typed.trim() === "" ? 0 : 1;
  const text = lines.map((line, i) => (i < first ? line : reindented(line, unit))).join("\n");
  return { ...candidate, text };
};

/**
 * The indentation of one level, from the lines around a place; undefined where none is indented.
 * @param above the nearest last.
 */
export function unitOf(above: readonly string[], below: readonly string[]): string | undefined {
  const [indentsAbove, indentsBelow] = [above, below].map(indentsOf);
  const nearest = indentsAbove?.findLast(isIndented) ?? indentsBelow?.find(isIndented);
  if (nearest === undefined) return undefined;
  if (nearest.includes("\t")) return "\t";
  const depths = [...(indentsAbove ?? []), ...(indentsBelow ?? [])].filter((indent) => !indent.includes("\t"));
  const blanks = commonStep(depths.map((indent) => indent.length));
  return blanks === undefined ? undefined : " ".repeat(blanks);
}

/** Of lines that say how deep they are: those of a block comment are indented by one more than a level. */
function indentsOf(lines: readonly string[]): string[] {
  return lines.filter((line) => line !== "" && !line.trim().startsWith("*")).map(indentationOf);
}

function isIndented(indent: string): boolean {
  return indent !== "";
}

/** By how much most lines are deeper than the line above them, or else the least depth. One blank aligns; it is no level. */
function commonStep(depths: readonly number[]): number | undefined {
  const steps = depths.map((depth, i) => depth - (depths[i - 1] ?? depth)).filter((step) => step > 1);
  const counts = new Map<number, number>();
  for (const step of steps) counts.set(step, (counts.get(step) ?? 0) + 1);
  const [common] = [...counts].sort(([a, ofA], [b, ofB]) => ofB - ofA || a - b);
  return common?.[0] ?? depths.filter((depth) => depth > 1).sort((a, b) => a - b)[0];
}

function reindented(line: string, unit: string): string {
  const indent = indentationOf(line);
  const rest = line.slice(indent.length);
  if (unit !== "\t") return indent.replaceAll("\t", unit) + rest;
  // Behind tabs, blanks align.
  if (indent.includes("\t")) return line;
  const aligned = rest.startsWith("*") && indent.length % 2 === 1 ? 1 : 0;
  const spaces = indent.length - aligned;
  // Without a document in spaces to measure, a level in the model's spaces is four, or two where four do not divide.
  return "\t".repeat(Math.round(spaces % 4 === 0 ? spaces / 4 : spaces / 2)) + " ".repeat(aligned) + rest;
}
