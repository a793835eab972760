import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { dataStart, readZipDirectory } from "../../src/rwkv/weights/zip.js";
import { testRefused } from "../support/refused.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { zipFile, type WrittenEntry, type ZipOptions } from "../support/zipFile.js";

const entries: readonly WrittenEntry[] = [
  { name: "a", bytes: Buffer.from("first") },
  { name: "é/b", bytes: Buffer.from("second of them") },
  { name: "empty", bytes: Buffer.alloc(0) },
];

/** Reads the archive. @returns the name and the content of each entry. */
function contents(folder: string, archive: Buffer): string[][] {
  const file = path.join(folder, "model.zip");
  writeFileSync(file, archive);
  const directory = readZipDirectory(file);
  return [...directory.entries].map(([name, { bytes }]) => {
    const start = dataStart(file, directory, name);
    return [name, archive.subarray(start, start + bytes).toString()];
  });
}

const all = [["a", "first"], ["é/b", "second of them"], ["empty", ""]]; // prettier-ignore

function testRead(title: string, archive: Buffer, expected = all): void {
  test(title, () =>
    inTemporaryFolder((folder) => {
      assert.deepEqual(contents(folder, archive), expected);
    }),
  );
}

const changed = (archive: Buffer, change: (bytes: Buffer) => void): Buffer => {
  const copy = Buffer.from(archive);
  change(copy);
  return copy;
};
const whole = zipFile(entries);
const wide = zipFile(entries, { isWide: true });
const end = whole.length - 22;
const wideEnd = wide.length - 22;

testRead("each entry's content is found after its local header", whole);
testRead("an archive without entries is read", zipFile([]), []);
testRead("ZIP64's record gives the position of the directory", wide);
testRead(
  "ZIP64's fields give the positions of the entries",
  zipFile(entries.map((entry) => ({ ...entry, isWide: true }))),
);
for (const length of [1, 21, 0xffff]) {
  const comment = "c".repeat(length);
  testRead(`a comment of ${length} bytes is skipped`, zipFile(entries, { comment }));
  testRead(`a comment of ${length} bytes is skipped after ZIP64's record`, zipFile(entries, { comment, isWide: true }));
}
testRead(
  "an apparent end record within the comment counts only if the comment ends with the file",
  zipFile(entries, { comment: `PK\u0005\u0006${"\0".repeat(30)}` }),
);
testRead(
  "bytes between the directory and its end record are allowed",
  Buffer.concat([whole.subarray(0, end), Buffer.alloc(5), whole.subarray(end)]),
);
testRead("an entry's comment is skipped", withEntryComment());

/** The archive with a comment of three bytes for the first entry of the directory. */
function withEntryComment(): Buffer {
  const begin = whole.readUInt32LE(end + 16);
  const after = begin + 46 + 1 + whole.readUInt16LE(begin + 30);
  const longer = Buffer.concat([whole.subarray(0, after), Buffer.from("abc"), whole.subarray(after)]);
  longer.writeUInt16LE(3, begin + 32);
  longer.writeUInt32LE(longer.readUInt32LE(end + 3 + 12) + 3, end + 3 + 12);
  return longer;
}

test("the directory begins after all entries", () =>
  inTemporaryFolder((folder) => {
    const file = path.join(folder, "model.zip");
    for (const archive of [whole, wide]) {
      writeFileSync(file, archive);
      assert.equal(readZipDirectory(file).begin, whole.readUInt32LE(end + 16));
    }
  }));

const directoryBegin = whole.readUInt32LE(end + 16);
const withFirst = (change: Partial<WrittenEntry>, options?: ZipOptions): Buffer =>
  zipFile([{ ...entries[0]!, ...change }, ...entries.slice(1)], options);
/** With this size, the first entry's data ends exactly where the directory begins. */
const room = directoryBegin - 64;

testRead("an entry may reach up to the directory", withFirst({ size: room, headerOffset: 0 }), [
  ["a", whole.subarray(64, directoryBegin).toString()],
  ...all.slice(1),
]);

const cases: readonly (readonly [string, Buffer, RegExp])[] = [
  ["an entry that reaches a byte into the directory", withFirst({ size: room + 1 }), /a reaches past the end of the data/],
  ["a local header that reaches into the directory", withFirst({ size: 0, headerOffset: directoryBegin - 29 }), /a reaches past/],
  ["no local header at its position", changed(whole, (bytes) => bytes.writeUInt8(0, 3)), /a does not begin with a local/],
  ["an encrypted entry", withFirst({ flags: 1 }), /its entry a is encrypted/],
  ["an entry compressed by method 1", withFirst({ method: 1 }), /its entry a is compressed/],
  ["a directory of 4 MiB and a byte", zipFile(entries, { isWide: true, directoryBytes: 2 ** 22 + 1, directoryOffset: 0 }), /outside of the file/],
  ["a directory that reaches a byte into its end record", zipFile(entries, { directoryOffset: directoryBegin + 1 }), /lies outside of the file/],
  ["a directory that reaches a byte into ZIP64's locator", zipFile(entries, { isWide: true, directoryOffset: directoryBegin + 57 }), /outside of the file/],
  ["an entry fewer than it says", zipFile(entries, { count: 4 }), /has 3 entries, not 4/],
  ["an entry more than it says", zipFile(entries, { count: 2, isWide: true }), /has 3 entries, not 2/],
  ["a ZIP64 marker for the number of entries alone", zipFile(entries, { count: 0xffff }), /its ZIP64 record is missing/],
  ["a ZIP64 marker for the directory's size alone", zipFile(entries, { directoryBytes: 0xffffffff }), /ZIP64 record is missing/],
  ["a ZIP64 marker for the directory's place alone", zipFile(entries, { directoryOffset: 0xffffffff }), /ZIP64 record is missing/],
  ["ZIP64's record after its locator", changed(wide, (bytes) => bytes.writeBigUInt64LE(BigInt(wideEnd - 20 - 55), wideEnd - 12)), /its ZIP64 record is outside the file/],
  ["no signature of ZIP64's record", changed(wide, (bytes) => bytes.writeUInt8(0, wideEnd - 20 - 56)), /ZIP64 record is outside/],
  ["no signature of ZIP64's locator", changed(wide, (bytes) => bytes.writeUInt8(0, wideEnd - 20)), /ZIP64 record is missing/],
  ["a comment a byte longer than stated", Buffer.concat([whole, Buffer.alloc(1)]), /ends without a zip directory/],
  ["a directory's entry without its signature", changed(whole, (bytes) => bytes.writeUInt8(0, directoryBegin)), /zip directory is cut off/],
  ["a directory cut off within an entry's fixed part", zipFile(entries, { directoryBytes: 45 }), /zip directory is cut off/],
  ["a directory cut off within a name", zipFile(entries, { directoryBytes: 46 }), /zip directory is cut off/],
  ["21 bytes", whole.subarray(-21), /ends without a zip directory/],
]; // prettier-ignore

for (const [what, archive, message] of cases) {
  testRefused(`an archive with ${what} is refused`, (folder) => void contents(folder, archive), message);
}

test("a missing entry is named", () =>
  inTemporaryFolder((folder) => {
    const file = path.join(folder, "model.zip");
    writeFileSync(file, whole);
    assert.throws(() => dataStart(file, readZipDirectory(file), "b"), /has no entry b/);
  }));

test("a directory has at most 4 MiB", () =>
  inTemporaryFolder((folder) => {
    /** An archive whose directory has exactly this many bytes: the length of its last name is chosen accordingly. */
    const archiveOf = (directoryBytes: number): Buffer => {
      const count = 65;
      const name = (length: number, i: number): string => `${i}`.padEnd(length, "x");
      const each = 65_000;
      const last = directoryBytes - (count - 1) * (46 + each) - 46;
      const named = Array.from({ length: count }, (_, i) => ({ name: name(i === count - 1 ? last : each, i), bytes: Buffer.alloc(0) })); // prettier-ignore
      return zipFile(named);
    };
    assert.equal(contents(folder, archiveOf(2 ** 22)).length, 65);
    assert.throws(() => contents(folder, archiveOf(2 ** 22 + 1)), /its zip directory has 4194305 bytes/);
  }));
