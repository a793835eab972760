import { realpathSync } from "node:fs";
import { readWhole } from "../rwkv/regularFile.js";
import { maxLength } from "../shared/eligibility.js";
import { exclusionOf } from "../shared/exclusion.js";
import { secretFiles } from "../shared/secretFiles.js";

const limits = { maxBytes: maxLength, what: "a text file to complete", missing: "no such file" } as const;

/**
 * Reads a text file. The returned lines have no line endings.
 * @throws Error that names the file and the fix, if the file cannot be read, or it or its link's target may contain
 * secrets.
 */
export function readTextFile(path: string): { readonly text: string; readonly lines: readonly string[] } {
  refuseSecrets(path, path);
  refuseSecrets(path, targetOf(path));
  const bytes = readWhole(path, limits);
  if (bytes.subarray(0, 8192).includes(0)) throw new Error(`${path}: a binary file; give a text file`);
  const text = bytes.toString("utf8");
  return { text, lines: text.split(/\r\n?|\n/) };
}

/** @throws Error if the default of `rwkvCode.exclude` excludes the file. */
function refuseSecrets(path: string, relativePath: string): void {
  const rule = secretFiles.find((glob) => exclusionOf([glob]).isExcluded(relativePath, relativePath));
  if (rule === undefined) return;
  throw new Error(`${path}: excluded by the default ${rule} of rwkvCode.exclude; give a file without secrets`);
}

/** The path with all links followed. A path that does not exist is returned as it is, so that reading it fails. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
