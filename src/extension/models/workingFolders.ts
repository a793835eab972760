import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { isRunning } from "../../shared/runningProcess.js";

/** Matches names made by `workingFolder`, with or without the suffix that the command line adds while it writes. */
const workingName = /\.(\d+)-\d+\.new(\.\d+-\d+\.partial)?$/;
let attempts = 0;

/**
 * The folder that an attempt to import a model writes to. Its name is unique and contains the id of this process.
 */
export function workingFolder(parent: string, name: string): string {
  return path.join(parent, `${name}.${process.pid}-${++attempts}.new`);
}

export async function removeWorkingFolder(folder: string): Promise<void> {
  const { dir, base } = path.parse(folder);
  for (const name of await readdir(dir)) {
    if (name === base || (name.startsWith(`${base}.`) && name.endsWith(".partial"))) {
      await rm(path.join(dir, name), { recursive: true, force: true });
    }
  }
}

/** Removes the working folders of processes that no longer run. */
export async function sweepWorkingFolders(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, owner] = workingName.exec(name) ?? [];
    if (owner === undefined || isRunning(Number(owner))) continue;
    // A folder that cannot be removed now does no harm; the next import tries again.
    await rm(path.join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
