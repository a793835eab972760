import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";
import { ModelError } from "./modelError.js";
import { notAModelFile } from "./notAModelFile.js";

/** Without O_NONBLOCK, opening a named pipe would wait for a writer. Windows has no such flag and no such files. */
const flags = constants.O_RDONLY | constants.O_NONBLOCK;

/** How large a file may be that is read whole, and what to say if there is none. */
export interface SmallFile {
  readonly maxBytes: number;
  /** What the file is, for the message about its size: "a vocabulary". */
  readonly what: string;
  /** What is wrong, and the fix, if the file is missing. */
  readonly missing: string;
}

/**
 * Reads a file of a model whole.
 * @throws ModelError as `readWhole`, and if it is a web page, an archive or a Git LFS pointer.
 */
export function readSmallFile(path: string, small: SmallFile): Buffer {
  const bytes = readWhole(path, small);
  const other = notAModelFile(bytes);
  if (other !== undefined) throw new ModelError(path, other);
  return bytes;
}

/**
 * Reads a file whole. Devices, pipes, sockets and folders are refused before a byte is read; links to regular files are
 * followed.
 * @throws ModelError if there is no such file, it is too large, or it is no regular file.
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

/** Bytes of a regular file. @param missing what is wrong, and the fix, if there is none. @throws ModelError */
export function regularFileSize(path: string, missing: string): number {
  const found = statOf(path);
  if (found === undefined) throw new ModelError(path, missing);
  checkRegular(path, found);
  return found.size;
}

/** What lies at a place, a link's target for a link; undefined if nothing does. @throws ModelError if that cannot be told. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Opens a regular file; the caller closes it. @throws ModelError if it is none. */
export function openRegularFile(path: string): number {
  let file: number | undefined;
  try {
    checkRegular(path, statSync(path)); // opening a device can have effects of its own
    file = openSync(path, flags);
    checkRegular(path, fstatSync(file)); // the path may name another file by now
    return file;
  } catch (error) {
    if (file !== undefined) closeSync(file);
    throw unreadable(path, error);
  }
}

/**
 * The same without blocking: on a drive that hangs, only this promise hangs.
 * @throws ModelError if it is none; what the system says otherwise.
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
  const kind = found.isDirectory() ? "a folder" : "a device, a pipe or a socket";
  throw new ModelError(path, `${kind}, not a file; give a regular file or a link to one`);
}

/** What the system says of a file, as a ModelError. */
export function unreadable(path: string, error: unknown): Error {
  if (!(error instanceof Error) || !("code" in error)) return error instanceof Error ? error : new Error(String(error));
  const code = String(error.code);
  return new ModelError(path, problems[code] ?? `cannot be read (${code})`);
}

const noRight = "you may not read it; change its permissions or those of its folder, or give a copy";
const problems: Readonly<Record<string, string>> = {
  ELOOP: "a link that leads back to itself; give the file itself",
  ENAMETOOLONG: "its path is longer than the system allows; check it, or move the file to a shorter one",
  EACCES: noRight,
  EPERM: noRight,
  EISDIR: "a folder, not a file; give a regular file or a link to one",
  ENOTDIR: "a part of its path is no folder; check the path",
  EBUSY: "another program keeps it to itself; end that, or give a copy",
  EMFILE: "too many files are open; close some programs",
  EIO: "its drive cannot read it; copy or download the file again",
};
