import { closeSync, readSync } from "node:fs";
import { ModelError } from "../modelError.js";
import { openRegularFile, regularFileSize, unreadable } from "../regularFile.js";

export const downloadAgain = "the file is damaged or incomplete; copy or download it again";

/** Size of a weights file in bytes. @throws ModelError if the file does not exist or is not a regular file. */
export function sizeOf(path: string): number {
  return regularFileSize(path, "no such file; give a model's folder or a weights file");
}

/**
 * Reads bytes [begin, end) of a file into a new buffer.
 * @throws ModelError if the file is shorter or cannot be read.
 */
export function readRange(path: string, begin: number, end: number): Uint8Array<ArrayBuffer> {
  try {
    return readWhole(path, begin, end);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function readWhole(path: string, begin: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - begin);
  const file = openRegularFile(path);
  try {
    for (let at = 0; at < bytes.length;) {
      const read = readSync(file, bytes, at, Math.min(bytes.length - at, 2 ** 30), begin + at);
      if (read === 0) throw new ModelError(path, `ends early; ${downloadAgain}`);
      at += read;
    }
  } finally {
    closeSync(file);
  }
  return bytes;
}
