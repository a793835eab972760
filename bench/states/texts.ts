import { readFileSync } from "node:fs";
import path from "node:path";
import { compilerBundle } from "./longFile.js";

/** Some lines of a file, which benchmarks of states read. */
export interface Text {
  /** The file's name without its folder. */
  readonly file: string;
  readonly lines: readonly string[];
}

/** Lines before this one are skipped, or as many as a shorter file has before its last `lineCount` lines. */
const firstLine = 30_000;

/** `lineCount` lines of each file, or of TypeScript's bundle if no file is named. */
export function texts(files: readonly string[], lineCount: number): Text[] {
  const all = files.length > 0 ? files : [compilerBundle()];
  return all.map((file) => {
    const lines = readFileSync(file, "utf8").split("\n");
    const from = Math.max(0, Math.min(firstLine, lines.length - lineCount));
    return { file: path.basename(file), lines: lines.slice(from, from + lineCount) };
  });
}
