import { createHash } from "node:crypto";
import { isPacked, type AnyState } from "../core/model.js";
import type { ArchivedState } from "../core/states/stateArchive.js";
import { decodedHeader, encodedHeader, hasMagic } from "../shared/fileHeader.js";
import { blockTokens, isRoundedDigest, type BlockHash } from "../core/tokens/tokenPrefix.js";

const magic = "RWKVSTA1";
/** Raise it when an older version of the extension would misread the file. */
const formatVersion = 3;
const hashBytes = 32;

/** The model whose states are stored. */
export interface StateModel {
  readonly id: string;
  readonly stateBytes: number;
  readonly packedStateBytes: number | undefined;
}

interface Header {
  readonly formatVersion: number;
  readonly model: string;
  readonly stateKey: string;
  readonly hash: BlockHash;
  readonly blocks: number;
  readonly remainderTokens: number;
}

/**
 * A state as a file: a header with the identity of the tokens it has read, its numbers, and a SHA-256 of both. The
 * numbers are written as they are in memory, because all machines that the extension supports are little-endian.
 */
export function encodedState(model: StateModel, stateKey: string, { state, ...read }: ArchivedState): Uint8Array[] {
  const header: Header = { formatVersion, model: model.id, stateKey, ...read };
  const start = encodedHeader(magic, header); // padded so that the numbers after it can be read as a typed array
  const numbers = new Uint8Array(state.data.buffer, state.data.byteOffset, state.data.byteLength);
  return [start, numbers, createHash("sha256").update(start).update(numbers).digest()];
}

/**
 * Returns undefined, or throws, if the file is damaged, has another version, or belongs to another model or state.
 */
export function decodedState(bytes: Buffer, model: StateModel, stateKey: string): ArchivedState | undefined {
  const body = bytes.subarray(0, Math.max(0, bytes.length - hashBytes));
  if (!hasMagic(magic, body)) return undefined;
  if (!createHash("sha256").update(body).digest().equals(bytes.subarray(body.length))) return undefined;
  const { end, ...decoded } = decodedHeader(magic, body);
  const header = decoded.header as Header; // checked below, because anybody can compute a hash
  if (header.formatVersion !== formatVersion || header.model !== model.id || header.stateKey !== stateKey)
    return undefined;
  const { hash, blocks, remainderTokens } = header;
  const counts = [hash.high, hash.low, blocks, remainderTokens];
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0) || remainderTokens >= blockTokens)
    return undefined;
  const state = stateOf(body.subarray(end), model);
  // A packed state must have the key of a rounded prefix. With the key of an unrounded one, it would count as exact.
  if (state === undefined || isPacked(state) !== isRoundedDigest(stateKey)) return undefined;
  return { hash, blocks, remainderTokens, state };
}

/**
 * A state or a packed state, told apart by the number of bytes. Undefined if it is neither, a number is not finite, or
 * a scale is too large.
 */
function stateOf(bytes: Buffer, { stateBytes, packedStateBytes }: StateModel): AnyState | undefined {
  const data = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  if (data.byteLength === stateBytes) {
    const numbers = floatsIn(data, stateBytes / 4);
    return numbers && { data: numbers };
  }
  if (data.byteLength !== packedStateBytes) return undefined;
  const scalesBytes = packedStateBytes - stateBytes / 4; // the rest is a byte for each number
  const scales = floatsIn(data, scalesBytes / 4);
  return scales?.every((scale) => Math.abs(scale) <= maxScale) === true ? { data } : undefined;
}

/** Larger scales are never written. With them, unpacked numbers could be infinite. */
const maxScale = 1e36;

/** The first `count` floats in the bytes; undefined if one of them is not finite. */
function floatsIn({ buffer, byteOffset }: Uint8Array, count: number): Float32Array | undefined {
  const floats = new Float32Array(buffer, byteOffset, count);
  for (const float of floats) if (!Number.isFinite(float)) return undefined;
  return floats;
}
