import { createHash } from "node:crypto";
import os from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import { decodedHeader, encodedHeader, hasMagic } from "../shared/fileHeader.js";
import type { FileStamp } from "./regularFile.js";

/** The tokens and the stamp of an indexed file, as they are kept on disk. */
export interface StoredFile extends FileStamp {
  readonly path: string;
  readonly tokens: Uint16Array | Uint32Array;
}

interface Header {
  readonly formatVersion: number;
  readonly vocabulary: string;
  /** Number of bytes per token. */
  readonly width: 2 | 4;
  readonly files: readonly (readonly [path: string, modifiedMs: number, bytes: number, tokens: number])[];
}

const magic = "RWKVIDX1";
/** Raise it when an older version of the extension would misread the file. */
const formatVersion = 1;
const hashBytes = 32;
/** After converting or hashing this much, lets other work run. */
const chunkBytes = 2 ** 20;
/** Tokens are little-endian on disk: a big-endian machine swaps their bytes. */
const isLittleEndian = os.endianness() === "LE";

/** Encodes an index. @returns the total size, and the bytes in chunks that are encoded on demand. */
export async function encoded(
  vocabulary: string,
  files: readonly StoredFile[],
): Promise<{ readonly bytes: number; readonly chunks: AsyncIterable<Uint8Array> }> {
  const width = await widthOf(files);
  const header: Header = {
    formatVersion,
    vocabulary,
    width,
    files: files.map(({ path, modifiedMs, bytes, tokens }) => [path, modifiedMs, bytes, tokens.length]),
  };
  const start = encodedHeader(magic, header); // padded so that the tokens after it can be read as a typed array
  const count = files.reduce((sum, { tokens }) => sum + tokens.length, 0);
  return { bytes: start.length + count * width + hashBytes, chunks: hashedChunks(start, files, width) };
}

async function* hashedChunks(
  start: Buffer,
  files: readonly StoredFile[],
  width: Header["width"],
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let parts: Uint8Array[] = [start];
  let bytes = start.length;
  const chunk = (): Buffer => {
    const joined = Buffer.concat(parts, bytes);
    parts = [];
    bytes = 0;
    hash.update(joined);
    return joined;
  };
  for (const { tokens } of files) {
    const part = bytesOf(tokens, width);
    parts.push(part);
    bytes += part.length;
    if (bytes < chunkBytes) continue;
    yield chunk();
    await nextTurn();
  }
  yield chunk();
  yield hash.digest();
}

/** Returns undefined, or throws, if the index is damaged, has another version, or is for another vocabulary. */
export async function decoded(bytes: Buffer, vocabulary: string): Promise<StoredFile[] | undefined> {
  const body = bytes.subarray(0, bytes.length - hashBytes);
  if (!hasMagic(magic, body)) return undefined;
  const hash = createHash("sha256");
  for (let at = 0; at < body.length; at += chunkBytes) {
    hash.update(body.subarray(at, at + chunkBytes));
    await nextTurn();
  }
  if (!hash.digest().equals(bytes.subarray(body.length))) return undefined;
  const { end, ...read } = decodedHeader(magic, body);
  const header = read.header as Header; // safe: the hash shows that the header is as it was written
  if (header.formatVersion !== formatVersion || header.vocabulary !== vocabulary) return undefined;
  let at = end;
  const files = header.files.map(([path, modifiedMs, size, count]) => {
    const tokens = tokensOf(body.subarray(at, (at += count * header.width)), header.width);
    return { path, modifiedMs, bytes: size, tokens };
  });
  return at === body.length ? files : undefined;
}

/** Number of bytes per token: 2 if all tokens fit, otherwise 4. */
async function widthOf(files: readonly StoredFile[]): Promise<Header["width"]> {
  let seen = 0;
  for (const { tokens } of files) {
    if (tokens instanceof Uint16Array) continue;
    for (const token of tokens) if (token > 0xffff) return 4;
    seen += tokens.byteLength;
    if (seen < chunkBytes) continue;
    seen = 0;
    await nextTurn();
  }
  return 2;
}

function bytesOf(tokens: StoredFile["tokens"], width: Header["width"]): Uint8Array {
  const array = width === 2 ? new Uint16Array(tokens) : new Uint32Array(tokens);
  return littleEndian(Buffer.from(array.buffer), width);
}

/** The tokens in the bytes: a view if the bytes are aligned and the machine is little-endian, otherwise a copy. */
function tokensOf(bytes: Buffer, width: Header["width"]): StoredFile["tokens"] {
  const { buffer, byteOffset, length } =
    isLittleEndian && bytes.byteOffset % width === 0 ? bytes : littleEndian(Uint8Array.from(bytes), width);
  return width === 2
    ? new Uint16Array(buffer, byteOffset, length / width)
    : new Uint32Array(buffer, byteOffset, length / width);
}

/** Swaps the bytes of each token on a big-endian machine, in place. */
function littleEndian(bytes: Uint8Array, width: Header["width"]): Uint8Array {
  if (isLittleEndian) return bytes;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return width === 2 ? view.swap16() : view.swap32();
}
