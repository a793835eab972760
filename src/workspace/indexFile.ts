import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { decoded, encoded, type StoredFile } from "./indexFormat.js";

/** Maximum size of one index. All indexes in the folder may take up to `maxFolderBytes`. */
const maxBytes = 80 * 2 ** 20;
const maxFolderBytes = 400 * 2 ** 20;
/** A temporary file that is older than this was left by a writer that was killed. */
const maxWriteMs = 10 * 60_000;

/**
 * Reads an index. Undefined if the file does not exist or cannot be used, for instance because it is damaged or has
 * tokens of another vocabulary. The caller then builds a new index.
 */
export async function readIndexFile(file: string, vocabulary: string): Promise<StoredFile[] | undefined> {
  try {
    const found = await stat(file);
    if (!found.isFile() || found.size > maxBytes) return undefined;
    return await decoded(await readFile(file), vocabulary);
  } catch {
    return undefined; // it does not exist, cannot be read, or is not an index
  }
}

/**
 * Replaces an index file in one step, so that other windows read either the old or the new index. The last writer wins.
 * @returns false if the index is too large to be kept.
 */
export async function writeIndexFile(file: string, vocabulary: string, files: readonly StoredFile[]): Promise<boolean> {
  const { bytes, chunks } = await encoded(vocabulary, files);
  if (bytes > maxBytes) return false;
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  await tidy(folder, file, bytes);
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  try {
    // Only the user may read the file, because it contains the tokens of their source code.
    const handle = await open(temporary, "wx", 0o600);
    try {
      for await (const chunk of chunks) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    return true;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Deletes temporary files of killed processes. If the folder is over its limit, also deletes the oldest indexes. */
async function tidy(folder: string, own: string, ownBytes: number): Promise<void> {
  const entries = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const file = path.join(folder, name);
      const found = await stat(file).catch(() => undefined); // another window may have deleted it
      return { file, bytes: found?.size ?? 0, modifiedMs: found?.mtimeMs ?? 0 };
    }),
  );
  let bytes = ownBytes;
  for (const { file, ...found } of entries.sort((a, b) => b.modifiedMs - a.modifiedMs)) {
    const isLeft = file.endsWith(".tmp") && Date.now() - found.modifiedMs > maxWriteMs;
    const isOther = file.endsWith(".index") && file !== own;
    if (isOther) bytes += found.bytes;
    if (isLeft || (isOther && bytes > maxFolderBytes)) await rm(file, { force: true });
  }
}

export async function deleteIndexFile(file: string): Promise<void> {
  await rm(file, { force: true });
}
