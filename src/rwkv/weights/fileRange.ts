import { closeSync, openSync, readSync, statSync } from "node:fs";
import { ModelError } from "../modelError.js";

export const downloadAgain = "the file is damaged or not whole; copy or download it again";

/** Bytes of a weights file. @throws ModelError where there is none. */
export function sizeOf(path: string): number {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) throw new ModelError(path, "no such file; give a model's folder or a weights file");
  if (!file.isFile()) throw new ModelError(path, "not a file; give a .safetensors or .pth file");
  return file.size;
}

/** The bytes [begin, end) of a file, in a buffer of their own. @throws ModelError where it ends before, or cannot be read. */
export function readRange(path: string, begin: number, end: number): Uint8Array<ArrayBuffer> {
  try {
    return readWhole(path, begin, end);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    throw new ModelError(path, `cannot be read (${String(error.code)})`);
  }
}

function readWhole(path: string, begin: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - begin);
  const file = openSync(path, "r");
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
