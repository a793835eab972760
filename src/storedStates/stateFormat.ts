import { createHash } from "node:crypto";
import type { TokenId } from "../core/model.js";
import type { ArchivedState } from "../core/states/stateArchive.js";
import { blockTokens, TokenPrefix, type BlockHash } from "../core/tokens/tokenPrefix.js";

const magic = "RWKVSTA1";
/** Raised if an older version would misread the file. */
const formatVersion = 1;
const prefixBytes = magic.length + 4;
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
  const json = Buffer.from(JSON.stringify(header));
  const padding = -(prefixBytes + json.length) & 3; // so that the numbers can be read as a typed array
  const start = Buffer.alloc(prefixBytes + json.length + padding, " ");
  start.write(magic, "latin1");
  start.writeUInt32LE(json.length + padding, magic.length);
  json.copy(start, prefixBytes);
  const numbers = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return [start, numbers, createHash("sha256").update(start).update(numbers).digest()];
}

/** Undefined if the file is damaged, of another version or of another model. @throws the same. */
export function decodedState(bytes: Buffer, model: string): ArchivedState | undefined {
  const body = bytes.subarray(0, Math.max(0, bytes.length - hashBytes));
  if (body.length < prefixBytes || body.toString("latin1", 0, magic.length) !== magic) return undefined;
  if (!createHash("sha256").update(body).digest().equals(bytes.subarray(body.length))) return undefined;
  const at = prefixBytes + body.readUInt32LE(magic.length);
  const header = JSON.parse(body.toString("utf8", prefixBytes, at)) as Header; // the hash says that we wrote it
  if (header.formatVersion !== formatVersion || header.model !== model) return undefined;
  const numbers = body.subarray(at);
  const isAligned = numbers.byteOffset % 4 === 0;
  const { buffer, byteOffset, byteLength } = isAligned ? numbers : Uint8Array.from(numbers);
  const prefix = new TokenPrefix(header.hash, header.blocks, header.remainder);
  return { prefix, state: { data: new Float32Array(buffer, byteOffset, byteLength / 4) } };
}
