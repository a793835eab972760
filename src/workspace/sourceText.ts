import { open } from "node:fs/promises";

/** Larger files hold data or generated code. */
export const maxFileBytes = 200_000;
/** Longer lines are rare in hand-written code and common in minified code. */
const maxLineLength = 1000;
const maxMeanLineLength = 200;
const generatedMarks =
  /@generated\b|\bDO NOT (EDIT|MODIFY)\b|\bcode generated\b|\bauto-?generated\b|sourceMappingURL=/i;

/** A file's time and size when it was read: if both are the same, it has not changed. */
export interface FileStamp {
  readonly modifiedMs: number;
  readonly bytes: number;
}

/**
 * Reads a hand-written source file. Undefined if it is not one, or cannot be read.
 * @param known the file's stamp when it was last read. If it still has it, it is not read again.
 */
export async function readSource(
  file: string,
  known?: FileStamp,
): Promise<{ readonly text: string; readonly stamp: FileStamp } | "unchanged" | undefined> {
  let handle;
  try {
    handle = await open(file, "r");
    const found = await handle.stat();
    const { size, mtimeMs } = found;
    if (!found.isFile() || size > maxFileBytes || size === 0) return undefined;
    if (known?.modifiedMs === mtimeMs && known.bytes === size) return "unchanged";
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxFileBytes + 1), 0, maxFileBytes + 1, 0);
    if (bytesRead > maxFileBytes) return undefined;
    const text = utf8.decode(buffer.subarray(0, bytesRead));
    return isHandWritten(text) ? { text, stamp: { modifiedMs: mtimeMs, bytes: size } } : undefined;
  } catch {
    return undefined; // just deleted, not readable, or not UTF-8
  } finally {
    await handle?.close();
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

export function isHandWritten(text: string): boolean {
  if (text.includes("\0") || generatedMarks.test(text.slice(0, 1000) + text.slice(-500))) return false;
  const lines = text.split("\n");
  return text.length / lines.length <= maxMeanLineLength && lines.every((line) => line.length <= maxLineLength);
}
