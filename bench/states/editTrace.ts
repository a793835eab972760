import { execFileSync } from "node:child_process";

/** An edit in the history of a repository: `added` lines replaced `removed` lines. */
export interface TracedEdit {
  readonly file: string;
  /** The line at which the edit begins, counted from 0. */
  readonly line: number;
  readonly removed: number;
  readonly added: number;
}

/** @returns the edits of all files whose names match, from all commits except merges, oldest commit first. */
export function editsOf(repository: string, names: RegExp): TracedEdit[] {
  const args = ["log", "--reverse", "-p", "-U0", "--no-color", "--no-renames", "--no-merges", "--format="];
  const log = execFileSync("git", ["-C", repository, ...args], { encoding: "utf8", maxBuffer: 2 ** 30 });
  const edits: TracedEdit[] = [];
  let file = "";
  for (const row of log.split("\n")) {
    const named = /^\+\+\+ (?:b\/(.*)|\/dev\/null)$/.exec(row);
    if (named !== null) file = named[1] ?? "";
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(row);
    if (hunk === null || !names.test(file)) continue;
    const [removed, start, added] = [Number(hunk[1] ?? 1), Number(hunk[2]), Number(hunk[3] ?? 1)];
    edits.push({ file, line: Math.max(0, added === 0 ? start : start - 1), removed, added });
  }
  return edits;
}
