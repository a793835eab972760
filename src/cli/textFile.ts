import { readFileSync, statSync } from "node:fs";

const maxFileBytes = 50 * 2 ** 20;

/** The lines of a text file, without their line ends, and its text. @throws Error that names the file and the remedy. */
export function readTextFile(path: string): { readonly text: string; readonly lines: readonly string[] } {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) throw new Error(`${path}: no such file`);
  if (file.isDirectory()) throw new Error(`${path}: a folder; give a text file`);
  if (file.size > maxFileBytes) throw new Error(`${path}: ${file.size} bytes; files over ${maxFileBytes} are not read`);
  const bytes = readBytes(path);
  if (bytes.subarray(0, 8192).includes(0)) throw new Error(`${path}: a binary file; give a text file`);
  const text = bytes.toString("utf8");
  return { text, lines: text.split(/\r\n?|\n/) };
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new Error(`${path}: cannot be read (${code})`, { cause: error });
  }
}
