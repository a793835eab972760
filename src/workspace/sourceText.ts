import { open } from "node:fs/promises";

/** Larger files are data or generated. */
export const maxFileBytes = 200_000;
/** A line of hand-written code is rarely longer; minified code has little else. */
const maxLineLength = 1000;
const maxMeanLineLength = 200;
const generatedMarks =
  /@generated\b|\bDO NOT (EDIT|MODIFY)\b|\bcode generated\b|\bauto-?generated\b|sourceMappingURL=/i;

/** What a file had when it was read: tells whether it has changed. */
export interface FileStamp {
  readonly modifiedMs: number;
  readonly bytes: number;
}

/** The text of a source file that a person wrote; undefined for any other, and for one that cannot be read. */
export async function readSource(
  file: string,
): Promise<{ readonly text: string; readonly stamp: FileStamp } | undefined> {
  let handle;
  try {
    handle = await open(file, "r");
    const found = await handle.stat();
    const { size, mtimeMs } = found;
    if (!found.isFile() || size > maxFileBytes || size === 0) return undefined;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxFileBytes + 1), 0, maxFileBytes + 1, 0);
    if (bytesRead > maxFileBytes) return undefined;
    const text = utf8.decode(buffer.subarray(0, bytesRead));
    return isHandWritten(text) ? { text, stamp: { modifiedMs: mtimeMs, bytes: size } } : undefined;
  } catch {
    return undefined; // deleted meanwhile, not readable, or not UTF-8
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
