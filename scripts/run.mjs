// Functions with which the other scripts run programs, by default in the repository's root.
import "./nodeVersion.mjs";
import { spawnSync } from "node:child_process";
import path from "node:path";

export const root = path.join(import.meta.dirname, "..");

/** Runs a program with inherited output. @returns its exit status. */
export function run(program, args, options = {}) {
  const { status, error } = spawnSync(...invocation(program, args, { cwd: root, stdio: "inherit", ...options }));
  if (error !== undefined) console.error(`${program}: ${error.message}`);
  return status ?? 1;
}

/**
 * The arguments with which `spawn` or `spawnSync` runs a program. On Windows, npm and code are batch files, which only
 * a shell can run. A shell splits arguments at spaces, so arguments with spaces are quoted.
 */
export function invocation(program, args, options, platform = process.platform) {
  if (platform !== "win32" || program.endsWith(".exe")) return [program, args, options];
  const [quoted, ...rest] = [program, ...args].map((part) => (/^[\w.:\\/=@-]+$/.test(part) ? part : `"${part}"`));
  return [quoted, rest, { ...options, shell: true }];
}

/** Like `run`, but exits with the same status if the program fails. */
export function mustRun(program, args, options = {}) {
  const status = run(program, args, options);
  if (status !== 0) process.exit(status);
}

export const node = process.execPath;
