/** An entry of a zip archive, with optional irregularities. */
export interface WrittenEntry extends EntryOptions {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** An entry whose bytes are produced in pieces, because they are too many to hold at once. */
export interface LongEntry extends EntryOptions {
  readonly name: string;
  readonly length: number;
  readonly pieces: () => Iterable<Uint8Array>;
}

interface EntryOptions {
  readonly method?: number;
  readonly flags?: number;
  /** If true, sizes and offset are in a ZIP64 extra field, as is usual in archives over 4 GB. */
  readonly isWide?: boolean;
  /** Extra fields that precede the ZIP64 one. */
  readonly otherFields?: Uint8Array;
  /** These replace the true numbers in the directory, to make an invalid archive. */
  readonly size?: number;
  readonly storedSize?: number;
  readonly headerOffset?: number;
}

export interface ZipOptions {
  /** If true, the archive ends with ZIP64's end record and locator. */
  readonly isWide?: boolean;
  readonly count?: number;
  readonly directoryOffset?: number;
  readonly directoryBytes?: number;
  readonly comment?: string;
}

const full = 0xffffffff;

/** A zip archive like PyTorch's: uncompressed, with sizes of 0 in the local headers and data aligned to 64 bytes. */
export function zipFile(entries: readonly WrittenEntry[], options: ZipOptions = {}): Buffer {
  const long = entries.map(({ bytes, ...entry }) => ({ ...entry, length: bytes.length, pieces: () => [bytes] }));
  return Buffer.concat([...zipPieces(long, options)]);
}

/** Like `zipFile`, but yields the archive in pieces. */
export function* zipPieces(entries: readonly LongEntry[], options: ZipOptions = {}): Iterable<Uint8Array> {
  const directory: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const padding = 64 - ((at + 30 + name.length + 4) % 64);
    const local = Buffer.alloc(30 + name.length + 4 + padding);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(0x808, 6);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(4 + padding, 28);
    name.copy(local, 30);
    local.write("FB", 30 + name.length);
    local.writeUInt16LE(padding, 30 + name.length + 2);
    directory.push(directoryEntry(entry, name, at));
    const descriptor = Buffer.alloc(16, "PK\u0007\u0008");
    yield local;
    yield* entry.pieces();
    yield descriptor;
    at += local.length + entry.length + descriptor.length;
  }
  const listed = Buffer.concat(directory);
  yield listed;
  yield ends(at, listed.length, entries.length, options);
}

function directoryEntry(entry: LongEntry, name: Buffer, at: number): Buffer {
  const { isWide = false } = entry;
  const size = entry.size ?? entry.length;
  const sizes = [size, entry.storedSize ?? size, entry.headerOffset ?? at];
  const fixed = Buffer.alloc(46);
  fixed.writeUInt32LE(0x02014b50, 0);
  fixed.writeUInt16LE(entry.flags ?? 0x808, 8);
  fixed.writeUInt16LE(entry.method ?? 0, 10);
  [24, 20, 42].forEach((offset, i) => fixed.writeUInt32LE(isWide ? full : sizes[i]!, offset));
  fixed.writeUInt16LE(name.length, 28);
  const wide = Buffer.alloc(isWide ? 28 : 0);
  if (isWide) {
    wide.writeUInt16LE(1, 0);
    wide.writeUInt16LE(24, 2);
    sizes.forEach((value, i) => wide.writeBigUInt64LE(BigInt(value), 4 + 8 * i));
  }
  const extra = Buffer.concat([entry.otherFields ?? new Uint8Array(), wide]);
  fixed.writeUInt16LE(extra.length, 30);
  return Buffer.concat([fixed, name, extra]);
}

function ends(begin: number, bytes: number, count: number, options: ZipOptions): Buffer {
  const { isWide = false, comment = "" } = options;
  const [offset, length, entries] = [
    options.directoryOffset ?? begin,
    options.directoryBytes ?? bytes,
    options.count ?? count,
  ];
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(isWide ? 0xffff : entries, 8);
  end.writeUInt16LE(isWide ? 0xffff : entries, 10);
  end.writeUInt32LE(isWide ? full : length, 12);
  end.writeUInt32LE(isWide ? full : offset, 16);
  end.writeUInt16LE(comment.length, 20);
  if (!isWide) return Buffer.concat([end, Buffer.from(comment)]);
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(entries), 24);
  record.writeBigUInt64LE(BigInt(entries), 32);
  record.writeBigUInt64LE(BigInt(length), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(begin + bytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator, end, Buffer.from(comment)]);
}
