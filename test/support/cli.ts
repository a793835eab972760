import { spawnSync } from "node:child_process";
import { root } from "./paths.js";

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line from the last build. */
export function cli(...args: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/cli.js", ...args], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}
