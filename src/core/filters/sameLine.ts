import { columnsOf } from "../structure/lines.js";

/**
 * True if two lines are equal, including their indentation. A final comma or semicolon does not count, nor does the
 * kind of quotes if a line has only one kind.
 */
export function isSameLine(a: string, b: string): boolean {
  return columnsOf(a) === columnsOf(b) && comparable(a) === comparable(b);
}

function comparable(line: string): string {
  const code = line.trim().replace(/[,;]$/, "");
  return new Set(code.match(/["'`]/g)).size > 1 ? code : code.replace(/['`]/g, '"');
}
