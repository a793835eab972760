import type { RealFolder } from "./realFolder.js";
import { readRegularFile, type FileStamp } from "./regularFile.js";

/** Larger files usually hold data or generated code. */
export const maxFileBytes = 200_000;
/** Longer lines are rare in hand-written code and common in minified code. */
const maxLineLength = 1000;
const maxMeanLineLength = 200;
const generatedMarks =
  /@generated\b|\bDO NOT (EDIT|MODIFY)\b|\bcode generated\b|\bauto-?generated\b|sourceMappingURL=/i;

/**
 * Reads a hand-written source file. Undefined if the file is not hand-written, is empty or too large, is a link, is
 * reached through a link, or cannot be read.
 * @param folder the workspace folder that the file is in.
 * @param known the file's stamp when it was last read. "unchanged" is returned if the file still has that stamp.
 */
export async function readSource(
  file: string,
  folder: RealFolder,
  known?: FileStamp,
): Promise<{ readonly text: string; readonly stamp: FileStamp } | "unchanged" | undefined> {
  const isUnlinked = (descriptor?: number): Promise<boolean> => folder.hasUnlinked(file, descriptor);
  const content = await readRegularFile(file, { maxBytes: maxFileBytes, known, isUnlinked });
  if (content.kind === "unchanged") return "unchanged";
  if (content.kind !== "read" || content.bytes.length === 0) return undefined;
  const text = decoded(content.bytes);
  return text !== undefined && isHandWritten(text) ? { text, stamp: content.stamp } : undefined;
}

/** The text of a file; undefined if the file is not UTF-8. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

export function isHandWritten(text: string): boolean {
  if (text.includes("\0") || generatedMarks.test(text.slice(0, 1000) + text.slice(-500))) return false;
  const lines = text.split("\n");
  return text.length / lines.length <= maxMeanLineLength && lines.every((line) => line.length <= maxLineLength);
}
