import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { FileStamp } from "./sourceText.js";

/** A file of the index as it is kept on disk. */
export interface StoredFile extends FileStamp {
  readonly path: string;
  readonly tokens: Uint32Array;
}

const magic = "RWKVIDX1";
/** Raised when an older version would misread the file. */
const formatVersion = 1;
const hashBytes = 32;
/** Of one file, and of all of them in the folder. */
const maxBytes = 80 * 2 ** 20;
const maxFolderBytes = 400 * 2 ** 20;
/** A file that is being written is not older than this, unless its writer was killed. */
const maxWriteMs = 10 * 60_000;

/**
 * Reads an index. Undefined if there is none, or if it is damaged, of another version or of another vocabulary: then it is
 * built anew.
 */
export async function readIndexFile(file: string, vocabulary: string): Promise<StoredFile[] | undefined> {
  try {
    if ((await stat(file)).size > maxBytes) return undefined;
    return parsed(await readFile(file), vocabulary);
  } catch {
    return undefined; // there is none, it cannot be read, or it is no index
  }
}

/** @throws whatever does not fit. */
function parsed(bytes: Buffer, vocabulary: string): StoredFile[] | undefined {
  const body = bytes.subarray(0, bytes.length - hashBytes);
  if (body.length < magic.length + 4 || body.toString("latin1", 0, magic.length) !== magic) return undefined;
  if (!createHash("sha256").update(body).digest().equals(bytes.subarray(body.length))) return undefined;
  const headerBytes = body.readUInt32LE(magic.length);
  let at = magic.length + 4 + headerBytes;
  const header = JSON.parse(body.toString("utf8", magic.length + 4, at)) as Header; // the hash says that we wrote it
  if (header.formatVersion !== formatVersion || header.vocabulary !== vocabulary) return undefined;
  return header.files.map(([name, modifiedMs, size, count]) => {
    const tokens = new Uint32Array(count);
    for (let i = 0; i < count; i++, at += header.width) tokens[i] = body.readUIntLE(at, header.width);
    return { path: name, modifiedMs, bytes: size, tokens };
  });
}

interface Header {
  readonly formatVersion: number;
  readonly vocabulary: string;
  /** Bytes of a token. */
  readonly width: 2 | 4;
  readonly files: readonly (readonly [path: string, modifiedMs: number, bytes: number, tokens: number])[];
}

/**
 * Writes an index in place of the old one. Readers in other windows find one or the other, whole; the last writer wins.
 * @returns false if it is too large to be kept.
 */
export async function writeIndexFile(file: string, vocabulary: string, files: readonly StoredFile[]): Promise<boolean> {
  const width = files.some(({ tokens }) => tokens.some((token) => token > 0xffff)) ? 4 : 2;
  const header: Header = {
    formatVersion,
    vocabulary,
    width,
    files: files.map(({ path: name, modifiedMs, bytes, tokens }) => [name, modifiedMs, bytes, tokens.length]),
  };
  const json = Buffer.from(JSON.stringify(header));
  const count = files.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const body = Buffer.alloc(magic.length + 4 + json.length + count * width);
  if (body.length + hashBytes > maxBytes) return false;
  body.write(magic, "latin1");
  body.writeUInt32LE(json.length, magic.length);
  json.copy(body, magic.length + 4);
  let at = magic.length + 4 + json.length;
  for (const { tokens } of files) for (const token of tokens) at = body.writeUIntLE(token, at, width);

  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  await tidy(folder, file, body.length);
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  try {
    // For the user alone: it holds their source.
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(body);
      await handle.writeFile(createHash("sha256").update(body).digest());
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

/** Deletes what killed writers left, and the oldest indexes beyond what the folder may hold. */
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
