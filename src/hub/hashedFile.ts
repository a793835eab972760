import { createHash, type Hash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { DownloadError } from "./downloadError.js";

const bufferBytes = 2 ** 20;

/** A file to which bytes are appended, and the hash of its entire content. */
export class HashedFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #hash: Hash = createHash("sha256");
  #bytes = 0;

  private constructor(file: string, handle: FileHandle) {
    this.#path = file;
    this.#handle = handle;
  }

  /**
   * Opens a file and hashes its content.
   * @param onRead receives the number of bytes read so far.
   * @throws the signal's reason; DownloadError if the file cannot be written.
   */
  static async open(file: string, signal: AbortSignal, onRead: (bytes: number) => void): Promise<HashedFile> {
    const hashed = new HashedFile(file, await open(file, "a+").catch(rethrow(file)));
    try {
      const buffer = Buffer.allocUnsafe(bufferBytes);
      for (;;) {
        signal.throwIfAborted();
        const { bytesRead } = await hashed.#handle.read(buffer, 0, bufferBytes, hashed.#bytes);
        if (bytesRead === 0) return hashed;
        hashed.#hash.update(buffer.subarray(0, bytesRead));
        hashed.#bytes += bytesRead;
        onRead(hashed.#bytes);
      }
    } catch (error) {
      await hashed.close();
      throw error;
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @throws DownloadError if the disk is full or the file cannot be written. */
  async append(chunk: Uint8Array): Promise<void> {
    await this.#handle.appendFile(chunk).catch(rethrow(this.#path));
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
  }

  /**
   * Waits until all bytes are on disk and returns the hash in hex. Nothing can be appended afterwards.
   * @throws DownloadError if another process has written to the file.
   */
  async sha256(): Promise<string> {
    await this.#handle.sync();
    const { size } = await this.#handle.stat();
    if (size !== this.#bytes) throw new DownloadError({ kind: "takenOver" });
    return this.#hash.digest("hex");
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Returns a `catch` handler for writing a file: rethrows the error, as a DownloadError if its code is known. */
export function rethrow(file: string): (error: unknown) => never {
  return (error) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const folder = path.dirname(file);
    if (code === "ENOSPC" || code === "EDQUOT")
      throw new DownloadError({ kind: "diskFull", folder, missingBytes: undefined });
    if (/^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST)$/.test(code))
      throw new DownloadError({ kind: "unwritable", folder, code });
    throw error;
  };
}
