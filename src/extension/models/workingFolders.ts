import { readdir, rm } from "node:fs/promises";
import path from "node:path";

/** Names that `workingFolder` gives; the command line adds more until what it makes is whole. */
const workingName = /\.(\d+)-\d+\.new(\.\d+-\d+\.partial)?$/;
let attempts = 0;

/** Where an attempt to import a model makes it: no two have the same place, and its name says which process asked. */
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

/** Removes what processes left that are gone. */
export async function sweepWorkingFolders(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, owner] = workingName.exec(name) ?? [];
    if (owner === undefined || isRunning(Number(owner))) continue;
    // One that cannot be removed now is in nobody's way, and tried again with the next import.
    await rm(path.join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0); // asks alone
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // somebody else's
  }
}
