import assert from "node:assert/strict";
import { truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { GgufReader } from "../../src/rwkv/weights/ggufReader.js";
import { ggufString, uint32, uint64 } from "../support/ggufFile.js";
import { inTemporaryFolder } from "../support/temporary.js";

function reading(bytes: Uint8Array, check: (reader: GgufReader, file: string) => void, at?: number): Promise<void> {
  return inTemporaryFolder((folder) => {
    const file = path.join(folder, "model.gguf");
    writeFileSync(file, bytes);
    check(new GgufReader(file, bytes.length, at), file);
  });
}

test("numbers are little endian and follow each other without gaps", () => {
  const bytes = Buffer.concat([Buffer.of(200, 1, 2), uint32(0xfffffffe), uint32(0xfffffffe), Buffer.of(0, 0, 0xc0, 0x3f), uint64(2 ** 52 + 1)]); // prettier-ignore
  return reading(bytes, (reader) => {
    assert.equal(reader.offset, 0);
    assert.deepEqual(
      [reader.uint8(), reader.uint16(), reader.uint32(), reader.int32(), reader.float32(), reader.uint64()],
      [200, 0x201, 0xfffffffe, -2, 1.5, 2 ** 52 + 1],
    );
    assert.equal(reader.offset, bytes.length);
    assert.throws(() => reader.uint8(), /ends within its header/);
  });
});

test("reading begins at the given offset, and skips", () =>
  reading(
    Uint8Array.of(9, 8, 7, 6, 5, 4),
    (reader) => {
      assert.equal(reader.uint8(), 7);
      reader.skip(2);
      assert.equal(reader.uint8(), 4);
      reader.skip(0);
      assert.throws(() => {
        reader.skip(1);
      }, /ends within its header/);
    },
    2,
  ));

test("a text has at most the given number of bytes and must be UTF-8; its byte order mark is kept", () => {
  const bytes = Buffer.concat([ggufString("añ"), ggufString("\ufeffa"), ggufString(""), ggufString("abcd"), uint64(1), Buffer.of(0xff)]); // prettier-ignore
  return reading(bytes, (reader) => {
    assert.deepEqual([reader.text(3), reader.text(4), reader.text(0)], ["añ", "\ufeffa", ""]);
    assert.throws(() => reader.text(3), /a text of 4 bytes/);
    reader.skip(4);
    assert.throws(() => reader.text(3), /a text that is not UTF-8/);
  });
});

test("bytes are copied", () =>
  reading(Buffer.concat([ggufString("abc"), ggufString("de")]), (reader) => {
    const first = reader.bytes(3);
    assert.equal(first.buffer.byteLength, 3);
    assert.deepEqual([Buffer.from(first).toString(), Buffer.from(reader.bytes(2)).toString()], ["abc", "de"]);
  }));

test("windows of 256 KiB hide no number, wherever it lies", () => {
  const bytes = Buffer.alloc(2 ** 20);
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(at, at);
  return reading(bytes, (reader) => {
    reader.skip(2);
    for (let at = 2; at + 4 <= bytes.length; at += 4) {
      assert.equal(reader.uint32(), bytes.readUInt32LE(at), `${at}`);
    }
  });
});

test("a text longer than a window is read at once", () =>
  reading(Buffer.concat([uint32(7), ggufString("x".repeat(300_000)), uint32(8)]), (reader) => {
    assert.deepEqual([reader.uint32(), reader.text(300_000).length, reader.uint32()], [7, 300_000, 8]);
  }));

test("a header has at most 64 MiB", () =>
  inTemporaryFolder((folder) => {
    const file = path.join(folder, "model.gguf");
    writeFileSync(file, "");
    truncateSync(file, 2 ** 26 + 8); // sparse, so it takes no space on disk
    const reader = new GgufReader(file, 2 ** 26 + 8);
    reader.skip(2 ** 26 - 1);
    assert.equal(reader.uint8(), 0);
    assert.throws(() => reader.uint8(), /has more than 67108864 bytes/);
  }));
