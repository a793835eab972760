import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { isRunning } from "../../shared/runningProcess.js";

/** Matches the ending that `partialFolder` appends to a folder's name: process id and attempt. */
const partialEnding = /^\.(\d+)-\d+\.partial$/;
let attempts = 0;

/**
 * The temporary folder of an import. Each call returns a new name, so the remains of a killed import do not block
 * another. The name contains the process id.
 */
export function partialFolder(folder: string): string {
  return `${folder}.${process.pid}-${++attempts}.partial`;
}

/** Removes temporary folders of earlier imports to the same folder, if their processes have exited. */
export async function sweepPartialFolders(folder: string): Promise<void> {
  const { dir, base } = path.parse(path.resolve(folder));
  const names = await readdir(dir).catch(() => []); // creating the folder will report the problem
  for (const name of names) {
    const [, owner] = (name.startsWith(base) ? partialEnding.exec(name.slice(base.length)) : undefined) ?? [];
    if (owner === undefined || isRunning(Number(owner))) continue;
    // A folder that cannot be removed does no harm; the next import tries again.
    await rm(path.join(dir, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
