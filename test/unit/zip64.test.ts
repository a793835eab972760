import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { stateDict, torchEntries } from "../support/pthFile.js";
import { testRefused } from "../support/refused.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { floats } from "../support/tensorFile.js";
import { zipFile, type WrittenEntry } from "../support/zipFile.js";

const numbers = [0, 1, 2, 3, 4, 5];
const six = floats([6], numbers).bytes;
const entries = torchEntries(stateDict({ a: { key: "0", elements: 6, shape: [6] } }), [six]);
/** The size of the tensor's entry, as a ZIP64 field encodes it. */
const size = Buffer.from([24, 0, 0, 0, 0, 0, 0, 0]);

function readIn(folder: string, bytes: Uint8Array): number[] {
  const file = path.join(folder, "model.pth");
  writeFileSync(file, bytes);
  return [...openWeights(file).readFloats("a")];
}

/** An extra field. ZIP64 sizes have the id 1. */
function extraField(id: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([id, 0, content.length & 255, content.length >> 8]), content]);
}

/** The archive with another entry for the tensor. */
function withEntry(change: Partial<WrittenEntry>): Buffer {
  return zipFile(entries.map((entry) => (entry.name === "model/data/0" ? { ...entry, ...change } : entry)));
}

test("extra fields before the ZIP64 sizes are skipped, whatever their length", () =>
  inTemporaryFolder((folder) => {
    for (const lengths of [[0], [1], [5], [300], [8, 0, 3]]) {
      // Each byte of these fields is 1, the id of a ZIP64 field.
      const otherFields = Buffer.concat(lengths.map((length) => extraField(0x55, Buffer.alloc(length, 1))));
      assert.deepEqual(readIn(folder, withEntry({ isWide: true, otherFields })), numbers);
    }
  }));

for (const [what, fields] of [
  ["no extra field", []],
  ["only another extra field", [extraField(9, size)]],
  ["an extra field that ends after the first size", [extraField(1, size)]],
  ["an extra field that ends within the second size", [extraField(1, Buffer.concat([size, size]).subarray(0, 15))]],
  [
    "another extra field after one with the first size",
    [extraField(1, size), extraField(9, Buffer.concat([size, size]))],
  ],
  [
    "another extra field after one with a part of the second size",
    [extraField(1, Buffer.concat([size, size]).subarray(0, 15)), extraField(0, size)],
  ],
] as const) {
  testRefused(
    `an entry that needs a ZIP64 field for two sizes is refused if it has ${what}`,
    (folder) => {
      readIn(folder, withEntry({ size: 0xffffffff, otherFields: Buffer.concat(fields) }));
    },
    /its entry model\/data\/0 lacks its ZIP64 sizes/,
  );
}
