import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { readGgufHeader, type GgufHeader } from "../../src/rwkv/weights/ggufHeader.js";
import { ggufFile, ggufTypes, uint32, uint64, value, type WrittenGguf } from "../support/ggufFile.js";
import { testRefused } from "../support/refused.js";
import { inTemporaryFolder } from "../support/temporary.js";

function readIn(folder: string, bytes: Uint8Array): GgufHeader {
  const file = path.join(folder, "model.gguf");
  writeFileSync(file, bytes);
  return readGgufHeader(file);
}

const written = (parts: Partial<WrittenGguf>): Buffer => ggufFile({ keys: [], tensors: [], ...parts });
const typed = (type: number, ...content: readonly Uint8Array[]): Buffer => Buffer.concat([uint32(type), ...content]);
const list = (type: number, count: number, ...items: readonly Uint8Array[]): Buffer =>
  typed(9, uint32(type), uint64(count), ...items);

function testRead(title: string, bytes: Uint8Array, check: (header: GgufHeader) => void): void {
  test(title, () =>
    inTemporaryFolder((folder) => {
      check(readIn(folder, bytes));
    }),
  );
}

const scalars: readonly (readonly [string, Buffer, number | string])[] = [
  ["a uint16", typed(2, Buffer.of(0x34, 0x12)), 0x1234],
  ["a uint32", value.uint32(0xfedcba98), 0xfedcba98],
  ["an int32", typed(5, Buffer.of(0xfe, 0xff, 0xff, 0xff)), -2],
  ["a float32", value.float32(-1.5), -1.5],
  ["a text", value.text("é"), "é"],
  ["a uint64", typed(10, uint64(2 ** 40)), 2 ** 40],
  ["a uint8, which is not needed", typed(0, Buffer.alloc(1, 9)), 0],
  ["an int8, which is not needed", typed(1, Buffer.alloc(1, 9)), 0],
  ["an int16, which is not needed", typed(3, Buffer.alloc(2, 9)), 0],
  ["a bool, which is not needed", typed(7, Buffer.alloc(1, 1)), 0],
  ["an int64, which is not needed", typed(11, Buffer.alloc(8, 9)), 0],
  ["a float64, which is not needed", typed(12, Buffer.alloc(8, 9)), 0],
];

for (const [what, bytes, expected] of scalars) {
  const keys = [["a", bytes], ["b", value.text("next")]] as const; // prettier-ignore
  testRead(`${what} is read, and the key after it`, written({ keys }), ({ values, arrays }) => {
    assert.deepEqual([...values], [["a", expected], ["b", "next"]]); // prettier-ignore
    assert.equal(arrays.size, 0);
  });
}

/**
 * Offset of the first item: after the magic number, the version and two counts (24 bytes), the key "a" (9), the value's
 * type, the items' type, and the number of items.
 */
const firstItem = 24 + 9 + 4 + 4 + 8;
const itemBytes = [1, 1, 2, 2, 4, 4, 4, 1, 8 + 3, undefined, 8, 8, 8];
for (const [type, bytes] of itemBytes.entries()) {
  if (bytes === undefined) continue;
  const items =
    type === 8 ? ["abc", "def", "ghi"].map((text) => value.text(text).subarray(4)) : [Buffer.alloc(3 * bytes)];
  const keys = [["a", list(type, 3, ...items)], ["b", value.text("next")]] as const; // prettier-ignore
  testRead(`a list of type ${type} is skipped, and its place recorded`, written({ keys }), ({ values, arrays }) => {
    assert.deepEqual([...values], [["b", "next"]]);
    assert.deepEqual([...arrays], [["a", { type, count: 3, offset: firstItem }]]);
  });
}

/** `depth` nested lists. Each has one item, except the innermost, which has two bytes. */
const nested = (depth: number): Buffer =>
  depth === 1 ? list(0, 2, Buffer.alloc(2)) : list(9, 1, nested(depth - 1).subarray(4));

testRead(
  "lists are nested four deep at most",
  written({ keys: [["a", nested(4)], ["b", list(9, 2, nested(3).subarray(4), nested(3).subarray(4))], ["c", value.uint16(5)]] }), // prettier-ignore
  ({ values, arrays }) => {
    assert.deepEqual([...arrays].map(([name, { type, count }]) => [name, type, count]), [["a", 9, 1], ["b", 9, 2]]); // prettier-ignore
    assert.deepEqual([...values], [["c", 5]]);
  },
);

for (const version of [2, 3]) {
  testRead(`24 bytes of version ${version} are a header of nothing`, written({ version }).subarray(0, 24), (header) => {
    assert.deepEqual([header.values.size, header.arrays.size, header.tensors.size], [0, 0, 0]);
  });
}

testRead(
  "a name has at most 1024 bytes, and a text at most a MiB",
  written({ keys: [["k".repeat(1024), value.text("t".repeat(2 ** 20))]] }),
  ({ values }) => {
    assert.equal(String(values.get("k".repeat(1024))).length, 2 ** 20);
  },
);

const { F32, Q8_0 } = ggufTypes;
const tensors = [
  { name: "a", shape: [2, 3], type: F32, bytes: new Uint8Array(24) },
  { name: "b", shape: [1, 2, 3, 64], type: Q8_0, bytes: new Uint8Array(12 * 34) },
  { name: "c", shape: [32], type: F32, bytes: new Uint8Array(128) },
];

for (const [title, keys, alignment] of [
  ["32 bytes by default", [], 32],
  ["a single byte if that is stated", [["general.alignment", value.uint32(1)]], 1],
  ["64 KiB if that is stated", [["general.alignment", value.uint32(2 ** 16)]], 2 ** 16],
] as const) {
  const bytes = written({ keys, tensors, alignment });
  testRead(`tensors are aligned to ${title}`, bytes, (header) => {
    const up = (length: number): number => Math.ceil(length / alignment) * alignment;
    const dataStart = bytes.length - up(24) - up(12 * 34) - up(128);
    const found = [...header.tensors].map(([name, { type, ...at }]) => [name, type.name, at]);
    const b = dataStart + up(24);
    const c = b + up(12 * 34);
    assert.deepEqual(found, [
      ["a", "F32", { shape: [2, 3], begin: dataStart, end: dataStart + 24 }],
      ["b", "Q8_0", { shape: [1, 2, 3, 64], begin: b, end: b + 12 * 34 }],
      ["c", "F32", { shape: [32], begin: c, end: c + 128 }],
    ]);
  });
}

const whole = written({ tensors });
testRead("the last tensor may end with the file", whole, ({ tensors: found }) => {
  assert.equal(found.get("c")?.end, whole.length);
});
testRead("tensors may touch each other", written({ tensors: [tensors[2]!, tensors[0]!] }), ({ tensors: found }) => {
  assert.equal(found.get("c")?.end, found.get("a")?.begin);
});

const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ["23 bytes", written({}).subarray(0, 23), /of only 23 bytes/],
  ["version 0", written({ version: 0 }), /GGUF file of version 0/],
  ["version 4", written({ version: 4 }), /GGUF file of version 4/],
  ["a large version", written({ version: 2 ** 24 - 1 }), /GGUF file of version 16777215/],
  ["version 1 with reversed bytes", written({ version: 2 ** 24 }), /big-endian/],
  ["10,001 keys", written({ keyCount: 10_001 }), /claims to have 10001 keys/],
  ["10,000 keys that it lacks", written({ keyCount: 10_000 }), /ends within its header/],
  ["100,001 tensors", written({ tensorCount: 100_001 }), /claims to have 100001 tensors/],
  ["100,000 tensors that it lacks", written({ tensorCount: 100_000 }), /ends within its header/],
  ["a key's name of 1025 bytes", written({ keys: [["k".repeat(1025), value.uint16(1)]] }), /a text of 1025 bytes/],
  ["a tensor's name of 1025 bytes", written({ tensors: [{ ...tensors[0]!, name: "k".repeat(1025) }] }), /text of 1025/],
  ["a text of a MiB and a byte", written({ keys: [["a", value.text("t".repeat(2 ** 20 + 1))]] }), /text of 1048577/],
  ["lists five deep", written({ keys: [["a", nested(5)]] }), /nested too deeply/],
  ["a list of lists of an unknown type", written({ keys: [["a", list(9, 1, uint32(13), uint64(0))]] }), /type 13/],
  ["the same key twice, once as a list", written({ keys: [["a", list(0, 0)], ["a", value.uint16(1)]] }), /the key a twice/],
  ["the same list twice", written({ keys: [["a", list(0, 0)], ["a", list(0, 0)]] }), /the key a twice/],
  ["an alignment of 128 KiB", written({ keys: [["general.alignment", value.uint32(2 ** 17)]] }), /alignment of 131072/],
  ["an alignment as text", written({ keys: [["general.alignment", value.text("32")]] }), /alignment of 32/],
  ["an alignment of a half", written({ keys: [["general.alignment", value.float32(0.5)]] }), /alignment of 0.5/],
  ["the last byte missing", whole.subarray(0, -1), /ends before its c does/],
  ["overlapping tensors in reverse order", written({ tensors: [{ ...tensors[0]!, offset: 32 }, { ...tensors[2]!, offset: 0 }] }), /its tensors c and a overlap/],
  ["overlapping tensors, the third and the fourth", written({ tensors: [...tensors, { ...tensors[0]!, name: "d", offset: 480 }] }), /tensors c and d overlap|tensors d and c overlap/],
  ["a row of one block and a half", written({ tensors: [{ ...tensors[1]!, shape: [2, 48] }] }), /rows of 48 elements/],
  ["a dimension of zero among others", written({ tensors: [{ ...tensors[1]!, shape: [0, 32] }] }), /has no elements/],
]; // prettier-ignore

for (const [what, bytes, message] of cases) {
  testRefused(`a header with ${what} is refused`, (folder) => void readIn(folder, bytes), message);
}
