import { ModelError } from "../modelError.js";
import { downloadAgain, readRange, sizeOf } from "./fileRange.js";

/** An entry of a zip archive's directory. */
export interface ZipEntry {
  /** Byte offset of the entry's local header. */
  readonly headerOffset: number;
  readonly bytes: number;
}

export interface ZipDirectory {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** Byte offset of the directory, which is after all entries. */
  readonly begin: number;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;
const directorySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const locator64Bytes = 20;
const end64Bytes = 56;
const directoryEntryBytes = 46;
const localHeaderBytes = 30;
const maxCommentBytes = 0xffff;
/** A directory takes about 80 bytes per entry, and the files of the largest models have a few thousand entries. */
const maxDirectoryBytes = 4 * 2 ** 20;
/** A 32-bit or 16-bit field with this value means that the actual value is in a ZIP64 record. */
const zip64Marker = 0xffffffff;
const zip64CountMarker = 0xffff;

/**
 * Reads the directory of a zip or ZIP64 archive with uncompressed entries, as PyTorch writes them (docs/RWKV.md §10).
 * Sizes and offsets must be taken from the directory, because PyTorch's local headers contain zeros.
 * @throws ModelError if the directory is damaged, or an entry is compressed or encrypted.
 */
export function readZipDirectory(path: string): ZipDirectory {
  const { begin, bytes, count } = findDirectory(path, sizeOf(path));
  if (bytes > maxDirectoryBytes) throw new ModelError(path, `its zip directory has ${bytes} bytes; ${downloadAgain}`);
  const view = new DataView(readRange(path, begin, begin + bytes).buffer);
  const entries = new Map<string, ZipEntry>();
  for (let at = 0; at < bytes;) {
    const { name, entry, next } = directoryEntry(path, view, at);
    if (entries.has(name)) throw new ModelError(path, `holds ${name} twice; ${downloadAgain}`);
    if (entry.headerOffset + localHeaderBytes + entry.bytes > begin) {
      throw new ModelError(path, `its entry ${name} reaches past the end of the data; ${downloadAgain}`);
    }
    entries.set(name, entry);
    at = next;
  }
  if (entries.size !== count) {
    throw new ModelError(path, `its zip directory has ${entries.size} entries, not ${count}; ${downloadAgain}`);
  }
  return { entries, begin };
}

/** The byte offset of an entry's data, which follows the local header, the entry's name and padding. */
export function dataStart(path: string, { entries, begin }: ZipDirectory, name: string): number {
  const entry = entries.get(name);
  if (entry === undefined) throw new ModelError(path, `has no entry ${name}; ${downloadAgain}`);
  const view = new DataView(readRange(path, entry.headerOffset, entry.headerOffset + localHeaderBytes).buffer);
  if (view.getUint32(0, true) !== localSignature) {
    throw new ModelError(path, `its entry ${name} does not begin with a local header; ${downloadAgain}`);
  }
  const start = entry.headerOffset + localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + entry.bytes > begin) {
    throw new ModelError(path, `its entry ${name} reaches past the end of the data; ${downloadAgain}`);
  }
  return start;
}

interface DirectoryLocation {
  readonly begin: number;
  readonly bytes: number;
  readonly count: number;
}

function findDirectory(path: string, size: number): DirectoryLocation {
  const tailStart = Math.max(0, size - endBytes - maxCommentBytes - locator64Bytes);
  const tail = new DataView(readRange(path, tailStart, size).buffer);
  const end = endRecord(tail);
  if (end === undefined) throw new ModelError(path, `ends without a zip directory; ${downloadAgain}`);
  const locator = end - locator64Bytes;
  const is64 = locator >= 0 && tail.getUint32(locator, true) === locator64Signature;
  const location = is64
    ? directory64(path, safe(path, tail, locator + 8), tailStart + locator)
    : {
        begin: tail.getUint32(end + 16, true),
        bytes: tail.getUint32(end + 12, true),
        count: tail.getUint16(end + 10, true),
      };
  if (
    !is64 &&
    (location.begin === zip64Marker || location.bytes === zip64Marker || location.count === zip64CountMarker)
  ) {
    throw new ModelError(path, `its ZIP64 record is missing; ${downloadAgain}`);
  }
  const limit = tailStart + (is64 ? locator : end);
  if (location.begin + location.bytes > limit) {
    throw new ModelError(path, `its zip directory lies outside of the file; ${downloadAgain}`);
  }
  return location;
}

/**
 * The offset in `tail` of the archive's end record, whose comment ends exactly at the file's end; undefined if absent.
 */
function endRecord(tail: DataView): number | undefined {
  for (let at = tail.byteLength - endBytes; at >= 0; at--) {
    if (tail.getUint32(at, true) !== endSignature) continue;
    if (at + endBytes + tail.getUint16(at + 20, true) === tail.byteLength) return at;
  }
  return undefined;
}

function directory64(path: string, at: number, limit: number): DirectoryLocation {
  const misplaced = new ModelError(path, `its ZIP64 record is outside the file; ${downloadAgain}`);
  if (at + end64Bytes > limit) throw misplaced;
  const view = new DataView(readRange(path, at, at + end64Bytes).buffer);
  if (view.getUint32(0, true) !== end64Signature) throw misplaced;
  return { begin: safe(path, view, 48), bytes: safe(path, view, 40), count: safe(path, view, 32) };
}

function directoryEntry(
  path: string,
  view: DataView<ArrayBuffer>,
  at: number,
): { readonly name: string; readonly entry: ZipEntry; readonly next: number } {
  const cutOff = new ModelError(path, `its zip directory is cut off; ${downloadAgain}`);
  if (at + directoryEntryBytes > view.byteLength || view.getUint32(at, true) !== directorySignature) throw cutOff;
  const nameEnd = at + directoryEntryBytes + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const next = extraEnd + view.getUint16(at + 32, true);
  if (next > view.byteLength) throw cutOff;
  const name = new TextDecoder().decode(
    new Uint8Array(view.buffer, at + directoryEntryBytes, nameEnd - at - directoryEntryBytes),
  );
  if ((view.getUint16(at + 8, true) & 1) !== 0)
    throw new ModelError(path, `its entry ${name} is encrypted; ${saveAgain}`);
  if (view.getUint16(at + 10, true) !== 0) throw new ModelError(path, `its entry ${name} is compressed; ${saveAgain}`);
  // The fields are read in the order of the ZIP64 extra field, which contains only the values that need 64 bits.
  const wide = zip64Fields(path, view, { name, begin: nameEnd, end: extraEnd });
  const field = (offset: number): number => {
    const value = view.getUint32(at + offset, true);
    return value === zip64Marker ? wide() : value;
  };
  const bytes = field(24);
  const storedBytes = field(20);
  if (bytes !== storedBytes) throw new ModelError(path, `its entry ${name} has two sizes; ${downloadAgain}`);
  return { name, entry: { headerOffset: field(42), bytes }, next };
}

const saveAgain = "PyTorch does not do that; download the file again as it was published";
const zip64Field = 1;

/** Returns a function that reads the numbers of an entry's ZIP64 extra field one by one. */
function zip64Fields(
  path: string,
  view: DataView,
  { name, begin, end }: { readonly name: string; readonly begin: number; readonly end: number },
): () => number {
  let at = begin;
  while (at + 4 <= end && view.getUint16(at, true) !== zip64Field) at += 4 + view.getUint16(at + 2, true);
  const fieldEnd = at + 4 <= end ? Math.min(end, at + 4 + view.getUint16(at + 2, true)) : at;
  at += 4;
  return () => {
    if (at + 8 > fieldEnd) throw new ModelError(path, `its entry ${name} lacks its ZIP64 sizes; ${downloadAgain}`);
    at += 8;
    return safe(path, view, at - 8);
  };
}

/** Reads a 64-bit number. @throws ModelError if it is not exact as a double. */
function safe(path: string, view: DataView, at: number): number {
  const exact = view.getBigUint64(at, true);
  const value = Number(exact);
  if (!Number.isSafeInteger(value)) throw new ModelError(path, `holds the zip offset ${exact}; ${downloadAgain}`);
  return value;
}
