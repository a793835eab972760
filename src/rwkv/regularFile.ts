import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";
import { ModelError } from "./modelError.js";
import { notAModelFile } from "./notAModelFile.js";

/** Without O_NONBLOCK, opening a named pipe would wait for a writer. Windows has neither the flag nor such files. */
const flags = constants.O_RDONLY | constants.O_NONBLOCK;

/** The limits and messages for reading a file completely. */
export interface SmallFile {
  readonly maxBytes: number;
  /** The kind of file, for the message about its size, such as "a vocabulary". */
  readonly what: string;
  /** The problem and the fix if the file is missing. */
  readonly missing: string;
}

/**
 * Reads a model's file completely.
 * @throws ModelError like `readWhole`, and if the file is a web page, an archive, a Git LFS pointer or the like.
 */
export function readSmallFile(path: string, small: SmallFile): Buffer {
  const bytes = readWhole(path, small);
  const other = notAModelFile(bytes);
  if (other !== undefined) throw new ModelError(path, other);
  return bytes;
}

/**
 * Reads a file completely. Devices, pipes, sockets and folders are rejected before a byte is read; links to regular
 * files are followed.
 * @throws ModelError if the file does not exist, is too large, is not a regular file, or cannot be read.
 */
export function readWhole(path: string, { maxBytes, what, missing }: SmallFile): Buffer {
  const size = regularFileSize(path, missing);
  if (size > maxBytes) throw new ModelError(path, `has ${size} bytes; ${what} has at most ${maxBytes}`);
  const file = openRegularFile(path);
  try {
    const bytes = Buffer.alloc(size);
    let length = 0;
    for (let read = -1; read !== 0 && length < size; length += read) {
      read = readSync(file, bytes, length, size - length, length);
    }
    return bytes.subarray(0, length);
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    closeSync(file);
  }
}

/**
 * Size of a regular file in bytes.
 * @param missing the problem and the fix if the file is missing.
 * @throws ModelError if it is missing or not a regular file, or access fails.
 */
export function regularFileSize(path: string, missing: string): number {
  const found = statOf(path);
  if (found === undefined) throw new ModelError(path, missing);
  checkRegular(path, found);
  return found.size;
}

/** Follows links. @returns undefined if there is no file or folder at the path. @throws ModelError if access fails. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Opens a regular file; the caller closes it. @throws ModelError if it is not a regular file or access fails. */
export function openRegularFile(path: string): number {
  let file: number | undefined;
  try {
    checkRegular(path, statSync(path)); // opening a device can have side effects
    file = openSync(path, flags);
    checkRegular(path, fstatSync(file)); // the path may refer to another file by now
    return file;
  } catch (error) {
    if (file !== undefined) closeSync(file);
    throw unreadable(path, error);
  }
}

/**
 * Like `openRegularFile`, but asynchronous: if the drive hangs, only this promise hangs.
 * @throws ModelError if it is not a regular file; the system's error if access fails.
 */
export async function openRegularFileAsync(path: string): Promise<FileHandle> {
  let file: FileHandle | undefined;
  try {
    checkRegular(path, await stat(path));
    file = await open(path, flags);
    checkRegular(path, await file.stat());
    return file;
  } catch (error) {
    await file?.close();
    throw error;
  }
}

function checkRegular(path: string, found: Stats): void {
  if (found.isFile()) return;
  const kind = found.isDirectory() ? "is a folder" : "is a device, a pipe or a socket";
  throw new ModelError(path, `${kind}, not a file; give a regular file or a link to one`);
}

/** Converts a system error about a file to a ModelError. Returns other errors as they are. */
export function unreadable(path: string, error: unknown): Error {
  if (!(error instanceof Error) || !("code" in error)) return error instanceof Error ? error : new Error(String(error));
  const code = String(error.code);
  return new ModelError(path, problems[code] ?? `cannot be read (${code})`);
}

const noPermission = "you have no permission to read it; change its permissions or its folder's, or give a copy";
const problems: Readonly<Record<string, string>> = {
  ELOOP: "is a link that leads to itself; give the file itself",
  ENAMETOOLONG: "has a path that is longer than the system allows; check it, or move the file",
  EACCES: noPermission,
  EPERM: noPermission,
  EISDIR: "is a folder, not a file; give a regular file or a link to one",
  ENOTDIR: "a part of its path is not a folder; check the path",
  EBUSY: "is locked by another program; close that program, or give a copy",
  EMFILE: "too many files are open; close some programs",
  EIO: "the drive cannot read it; copy or download the file again",
};
