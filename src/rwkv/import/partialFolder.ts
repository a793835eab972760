import { readdir, rm } from "node:fs/promises";
import path from "node:path";

/** Names that `partialFolder` gives, after the name of the folder that is to be made. */
const partialEnding = /^\.(\d+)-\d+\.partial$/;
let attempts = 0;

/**
 * The folder that an import works in until it is whole. No two have the same place, so what a killed import leaves behind
 * blocks no later one; the name says which process made it.
 */
export function partialFolder(folder: string): string {
  return `${folder}.${process.pid}-${++attempts}.partial`;
}

/** Removes what imports of the same folder left behind whose processes are gone. */
export async function sweepPartialFolders(folder: string): Promise<void> {
  const { dir, base } = path.parse(path.resolve(folder));
  const names = await readdir(dir).catch(() => []); // making the folder says what is wrong with its parent
  for (const name of names) {
    const [, owner] = (name.startsWith(base) ? partialEnding.exec(name.slice(base.length)) : undefined) ?? [];
    if (owner === undefined || isRunning(Number(owner))) continue;
    // One that cannot be removed now is in nobody's way, and tried again with the next import.
    await rm(path.join(dir, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0); // asks alone
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // somebody else's
  }
}
