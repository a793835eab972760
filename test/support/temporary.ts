import { mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** Runs a function with a new temporary folder, which is deleted afterwards. */
export async function inTemporaryFolder<T>(run: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-"));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Creates a sparse file of this size, last modified `ageMinutes` ago, and its folder. */
export function put(folder: string, name: string, bytes: number, ageMinutes = 0): void {
  const file = path.join(folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, "");
  truncateSync(file, bytes);
  const time = Date.now() / 1000 - 60 * ageMinutes;
  utimesSync(file, time, time);
}
