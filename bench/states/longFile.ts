import { readFileSync } from "node:fs";
import path from "node:path";

/** The bundle's lines before this one are skipped: they contain long tables, such as the diagnostic messages. */
const firstLine = 20_000;

export const longFileUri = "file:///project/src/long.js";

/** Path of the bundle of TypeScript's compiler. */
export function compilerBundle(): string {
  return path.join(process.cwd(), "node_modules/typescript/lib/_tsc.js");
}

/** Lines of real code for benchmarks of long files, from the bundle of TypeScript's compiler. */
export function longFile(lines: number): string[] {
  const source = readFileSync(compilerBundle(), "utf8");
  return source.split("\n").slice(firstLine, firstLine + lines);
}
