import { readFileSync, statSync } from "node:fs";

const maxFileBytes = 50 * 2 ** 20;

/** The lines of a text file, without their line ends, and its text. @throws Error that names the file and the remedy. */
export function readTextFile(path: string): { readonly text: string; readonly lines: readonly string[] } {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new Error(`${path}: no such file`);
  if (size > maxFileBytes) throw new Error(`${path}: ${size} bytes; files over ${maxFileBytes} are not read`);
  const bytes = readFileSync(path);
  if (bytes.subarray(0, 8192).includes(0)) throw new Error(`${path}: a binary file; give a text file`);
  const text = bytes.toString("utf8");
  return { text, lines: text.split(/\r\n?|\n/) };
}
