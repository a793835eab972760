import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { ModelError } from "./modelError.js";
import { openRegularFileAsync } from "./regularFile.js";
import { Cancelled, neverCancelled, throwIfCancelled, type CancellationToken } from "../shared/cancellation.js";

const bufferBytes = 2 ** 20;

/** The SHA-256 of a file in hex. @throws ModelError if it cannot be read; Cancelled. */
export async function sha256Of(path: string, cancellation: CancellationToken = neverCancelled): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await openRegularFileAsync(path);
    return await hashOf(file, cancellation);
  } catch (error) {
    if (error instanceof Cancelled || error instanceof ModelError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new ModelError(path, `cannot be read (${code}); copy the model's folder again`);
  } finally {
    await file?.close();
  }
}

/** Uses two buffers alternately: one is hashed while the next bytes are read into the other. */
async function hashOf(file: FileHandle, cancellation: CancellationToken): Promise<string> {
  // Some system files report a size of 0 but never end, so hashing stops at the reported size.
  const { size } = await file.stat();
  const hash = createHash("sha256");
  let hashed = 0;
  let [next, other] = [Buffer.allocUnsafeSlow(bufferBytes), Buffer.allocUnsafeSlow(bufferBytes)];
  let read = file.read(next, 0, bufferBytes);
  for (;;) {
    const { bytesRead } = await read;
    throwIfCancelled(cancellation);
    hash.update(next.subarray(0, bytesRead));
    hashed += bytesRead;
    if (bytesRead === 0 || hashed >= size) return hash.digest("hex");
    read = file.read(other, 0, bufferBytes);
    [next, other] = [other, next];
  }
}
