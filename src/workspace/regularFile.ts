import { constants, type Stats } from "node:fs";
import { lstat, open } from "node:fs/promises";

/** A file's modification time and size when it was read. If both are still the same, the file counts as unchanged. */
export interface FileStamp {
  readonly modifiedMs: number;
  readonly bytes: number;
}

export type FileContent =
  | { readonly kind: "read"; readonly bytes: Buffer; readonly stamp: FileStamp }
  | { readonly kind: "unchanged" }
  | { readonly kind: "missing" }
  /** The file must not be read, or reading it failed. */
  | { readonly kind: "refused"; readonly reason: string };

export interface ReadOptions {
  readonly maxBytes: number;
  /** If the file still has this stamp, it is not read. */
  readonly known?: FileStamp | undefined;
  /**
   * Returns false if the path leads through a link. Called with the descriptor after the file was opened, and without
   * one if the file is unchanged and therefore not opened.
   */
  readonly isUnlinked: (descriptor?: number) => Promise<boolean>;
}

/**
 * Reads a file completely if it is a regular file, not too large and not a link. The file may be replaced during the
 * call: a link that appears between the check and the opening is noticed, and a pipe or a device is never read.
 */
export async function readRegularFile(
  file: string,
  { maxBytes, known, isUnlinked }: ReadOptions,
): Promise<FileContent> {
  let handle;
  try {
    const found = await lstat(file);
    const problem = problemOf(found, maxBytes);
    if (problem !== undefined) return refused(problem);
    if (isSame(known, found)) return (await isUnlinked()) ? { kind: "unchanged" } : refused(throughLink);
    if (found.size === 0) return { kind: "read", bytes: Buffer.alloc(0), stamp: stampOf(found) };
    handle = await open(file, flags);
    const opened = await handle.stat();
    const changed = problemOf(opened, maxBytes);
    if (changed !== undefined) return refused(changed);
    if (!(await isUnlinked(handle.fd)) || !isOne(opened, await lstat(file))) return refused(throughLink);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxBytes + 1), 0, maxBytes + 1, 0);
    if (bytesRead > maxBytes) return refused(tooLarge(maxBytes)); // it has grown
    return { kind: "read", bytes: buffer.subarray(0, bytesRead), stamp: stampOf(opened) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return code === "ENOENT" || code === "ENOTDIR" ? { kind: "missing" } : refused(`cannot be read (${code})`);
  } finally {
    await handle?.close();
  }
}

/**
 * Without O_NONBLOCK, opening a pipe would wait for a writer. Windows lacks O_NOFOLLOW and O_NONBLOCK; undefined counts
 * as 0 here.
 */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

function problemOf(found: Stats, maxBytes: number): string | undefined {
  if (found.isSymbolicLink()) return "is a link";
  if (found.isDirectory()) return "is a folder";
  if (!found.isFile()) return "is a device, a pipe or a socket";
  return found.size > maxBytes ? tooLarge(maxBytes) : undefined;
}

function tooLarge(maxBytes: number): string {
  return `is larger than ${maxBytes} bytes`;
}

const throughLink = "is reached through a link";

function refused(reason: string): FileContent {
  return { kind: "refused", reason };
}

function stampOf({ mtimeMs, size }: Stats): FileStamp {
  return { modifiedMs: mtimeMs, bytes: size };
}

function isSame(known: FileStamp | undefined, { mtimeMs, size }: Stats): boolean {
  return known?.modifiedMs === mtimeMs && known.bytes === size;
}

/** True if both are of the same file. On Windows, `fstat` and `lstat` return different device numbers for one file. */
function isOne(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && (process.platform === "win32" || a.dev === b.dev);
}
