// Runs programs for the other scripts: in the repository's root, output shown, a failure ends the script.
import { spawnSync } from "node:child_process";
import path from "node:path";

export const root = path.join(import.meta.dirname, "..");

/** Runs a program with inherited output. @returns its exit status. */
export function run(program, args, options = {}) {
  // npm and npx are batch files on Windows, which only a shell can start.
  const shell = process.platform === "win32" && !path.isAbsolute(program);
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit", shell, ...options });
  if (error !== undefined) console.error(`${program}: ${error.message}`);
  return status ?? 1;
}

/** The same; a failure ends this script with the same status. */
export function mustRun(program, args, options = {}) {
  const status = run(program, args, options);
  if (status !== 0) process.exit(status);
}

export const node = process.execPath;
