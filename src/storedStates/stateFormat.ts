import { createHash } from "node:crypto";
import type { TokenId } from "../core/model.js";
import type { ArchivedState } from "../core/states/stateArchive.js";
import { decodedHeader, encodedHeader, hasMagic } from "../shared/fileHeader.js";
import { blockTokens, TokenPrefix, type BlockHash } from "../core/tokens/tokenPrefix.js";

const magic = "RWKVSTA1";
/** Raised if an older version would misread the file. */
const formatVersion = 1;
const hashBytes = 32;

interface Header {
  readonly formatVersion: number;
  readonly model: string;
  readonly hash: BlockHash;
  readonly blocks: number;
  readonly remainder: readonly TokenId[];
}

/**
 * A state as a file: what it has read, its numbers as they are in memory, and a SHA-256 of both. The instruction set is
 * part of a model's id, so the byte order is that of the machine.
 */
export function encodedState(model: string, { prefix, state: { data } }: ArchivedState): Uint8Array[] {
  const { hash, remainder, tokenCount } = prefix;
  const blocks = (tokenCount - remainder.length) / blockTokens;
  const header: Header = { formatVersion, model, hash, blocks, remainder };
  const start = encodedHeader(magic, header); // after it the numbers can be read as a typed array
  const numbers = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return [start, numbers, createHash("sha256").update(start).update(numbers).digest()];
}

/** Undefined if the file is damaged, of another version or of another model. @throws the same. */
export function decodedState(bytes: Buffer, model: string): ArchivedState | undefined {
  const body = bytes.subarray(0, Math.max(0, bytes.length - hashBytes));
  if (!hasMagic(magic, body)) return undefined;
  if (!createHash("sha256").update(body).digest().equals(bytes.subarray(body.length))) return undefined;
  const { end, ...decoded } = decodedHeader(magic, body);
  const header = decoded.header as Header; // the hash says that we wrote it
  if (header.formatVersion !== formatVersion || header.model !== model) return undefined;
  const numbers = body.subarray(end);
  const isAligned = numbers.byteOffset % 4 === 0;
  const { buffer, byteOffset, byteLength } = isAligned ? numbers : Uint8Array.from(numbers);
  const prefix = new TokenPrefix(header.hash, header.blocks, header.remainder);
  return { prefix, state: { data: new Float32Array(buffer, byteOffset, byteLength / 4) } };
}
