import { randomBytes } from "node:crypto";
import { chmod, constants, lstat, mkdir, open, readdir, rename, rm, utimes } from "node:fs/promises";
import path from "node:path";
import { isRunning } from "../shared/runningProcess.js";

/** A temporary file that is older than this was left by a writer that was killed. */
const maxWriteMs = 10 * 60_000;
/** Reuse of a file updates its modification time, but no more often than this. */
const touchMs = 60 * 60_000;
/**
 * When this process has written this share of the limit, it scans the folder again, because other windows write to the
 * folder as well.
 */
const rescanShare = 1 / 64;
/**
 * Space left for the writes of other windows: this share of the limit, or this many files of the size being written,
 * whichever is larger.
 */
const freeShare = 1 / 16;
const freeFiles = 2;
/** Larger files are not read: they cannot be ours, because no model that fits into memory has such a large state. */
const maxFileBytes = 2 ** 28;
/**
 * Opening must not wait for a pipe's writer, nor follow a link. Windows lacks both flags; undefined counts as 0 here.
 */
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

interface Entry {
  readonly bytes: number;
  readonly modifiedMs: number;
}

/**
 * A folder of files with a limit for their total size. If the files exceed the limit, the oldest are deleted. Files are
 * replaced in one step, and several processes may use the folder.
 */
export class BoundedFolder {
  readonly #folder: string;
  readonly #extensions: readonly string[];
  #entries = new Map<string, Entry>();
  #bytes = 0;
  #writtenSinceScan = Infinity;

  /** @param extensions the extensions of the files that this class manages; it leaves other files alone. */
  constructor(folder: string, extensions: readonly string[]) {
    this.#folder = folder;
    this.#extensions = extensions;
  }

  /**
   * Reads the sizes of all files. Deletes the temporary files of killed processes and, if the limit is exceeded, the
   * oldest files.
   */
  async scan(maxBytes: number): Promise<void> {
    this.#entries = new Map();
    this.#bytes = 0;
    this.#writtenSinceScan = 0;
    if (await this.#isLink()) return; // the files in the link's target are not ours
    const names = await readdir(this.#folder).catch(() => []); // the folder does not exist before the first write
    for (const name of names) {
      // Another window may have deleted it.
      const found = await lstat(path.join(this.#folder, name)).catch(() => undefined);
      if (found?.isFile() !== true) continue;
      if (isAbandoned(name, found.mtimeMs)) await this.delete(name);
      else if (name.endsWith(".tmp"))
        this.#bytes += found.size; // another window is writing it
      else if (this.#extensions.includes(path.extname(name))) {
        // A time in the future comes from a wrong clock. The file counts as old; otherwise it would outlive all others.
        const modifiedMs = found.mtimeMs > Date.now() + maxWriteMs ? 0 : found.mtimeMs;
        this.#add(name, { bytes: found.size, modifiedMs });
      }
    }
    await this.#makeRoom("", 0, maxBytes, new Set());
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** @returns the file's bytes; undefined if it cannot be read, is not a regular file, or is too large to be ours. */
  async read(name: string): Promise<Buffer | undefined> {
    let handle;
    try {
      handle = await open(path.join(this.#folder, name), readFlags);
      const found = await handle.stat();
      return found.isFile() && found.size <= maxFileBytes ? await handle.readFile() : undefined;
    } catch {
      return undefined;
    } finally {
      await handle?.close();
    }
  }

  /** Call when a file is used again, so that it counts as new. */
  async touch(name: string): Promise<void> {
    const entry = this.#entries.get(name);
    if (entry === undefined || Date.now() - entry.modifiedMs < touchMs) return;
    this.#entries.set(name, { ...entry, modifiedMs: Date.now() });
    await utimes(path.join(this.#folder, name), new Date(), new Date()).catch(() => undefined); // the file is gone
  }

  /**
   * Creates or replaces a file. If there is no room, the oldest files are deleted first.
   * @param keeps names of files that must not be deleted to make room.
   * @returns false if there is still no room. @throws the file system's errors; the file is then as it was before.
   */
  async write(name: string, parts: readonly Uint8Array[], maxBytes: number, keeps: ReadonlySet<string>) {
    const bytes = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (this.#writtenSinceScan > maxBytes * rescanShare) await this.scan(maxBytes);
    const free = Math.max(maxBytes * freeShare, freeFiles * bytes);
    if (!(await this.#makeRoom(name, bytes, maxBytes - free, keeps))) return false;
    await this.#replace(name, parts);
    this.#forget(name);
    this.#add(name, { bytes, modifiedMs: Date.now() });
    this.#writtenSinceScan += bytes;
    return true;
  }

  async delete(name: string): Promise<void> {
    this.#forget(name);
    await rm(path.join(this.#folder, name), { force: true });
  }

  /** Does not sync the file to the disk: a lost file costs only time, and a damaged one is detected by its checksum. */
  async #replace(name: string, parts: readonly Uint8Array[]): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    if (await this.#isLink()) throw new Error("it is a link");
    await chmod(this.#folder, 0o700); // the files derive from the user's text
    const file = path.join(this.#folder, name);
    const temporary = `${file}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
    try {
      const handle = await open(temporary, "wx", 0o600);
      try {
        for (const part of parts) await handle.writeFile(part);
      } finally {
        await handle.close();
      }
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async #makeRoom(name: string, bytes: number, maxBytes: number, keeps: ReadonlySet<string>): Promise<boolean> {
    const needed = (): number => this.#bytes - (this.#entries.get(name)?.bytes ?? 0) + bytes - maxBytes;
    if (needed() <= 0) return true;
    const others = [...this.#entries].filter(([other]) => other !== name && !keeps.has(other));
    others.sort(([, a], [, b]) => a.modifiedMs - b.modifiedMs);
    for (const [oldest] of others) {
      await this.delete(oldest);
      if (needed() <= 0) return true;
    }
    return false;
  }

  async #isLink(): Promise<boolean> {
    return (await lstat(this.#folder).catch(() => undefined))?.isSymbolicLink() === true;
  }

  #add(name: string, entry: Entry): void {
    this.#entries.set(name, entry);
    this.#bytes += entry.bytes;
  }

  #forget(name: string): void {
    this.#bytes -= this.#entries.get(name)?.bytes ?? 0;
    this.#entries.delete(name);
  }
}

/**
 * Whether a temporary file was left by a writer that was killed. The file of a writer on another computer may count as
 * abandoned too; then its write fails.
 */
function isAbandoned(name: string, modifiedMs: number): boolean {
  const writer = /\.(\d+)-[0-9a-f]+\.tmp$/.exec(name)?.[1];
  return writer !== undefined && (Date.now() - modifiedMs > maxWriteMs || !isRunning(Number(writer)));
}
