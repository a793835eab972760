import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { crc32, deflateSync } from "node:zlib";

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}
interface Apng {
  readonly movingPng: (frames: readonly { readonly png: Buffer; readonly ms: number }[]) => Buffer;
  readonly chunksOf: (png: Buffer) => Chunk[];
  readonly pictureOf: (png: Buffer) => { readonly rows: readonly Buffer[] };
}
const loaded = import(pathToFileURL(path.resolve("test/vscode/apng.mjs")).href) as Promise<Apng>;

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), data]);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(data.length, 0);
  numbers.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([numbers.subarray(0, 4), typed, numbers.subarray(4)]);
}

/** A PNG of 4 by 3 gray pixels. @param filter the PNG filter of all rows: 0 (None) or 1 (Sub). */
function png(values: readonly number[], filter: 0 | 1 = 0): Buffer {
  const rows = [0, 1, 2].map((y) => {
    const row = values.slice(4 * y, 4 * y + 4);
    const stored = filter === 0 ? row : row.map((value, x) => value - (row[x - 1] ?? 0));
    return Buffer.from([filter, ...stored.flatMap((value) => [value, value, value])]);
  });
  const header = Buffer.from([0, 0, 0, 4, 0, 0, 0, 3, 8, 2, 0, 0, 0]);
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const data = deflateSync(Buffer.concat(rows));
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

const one = Array.from({ length: 12 }, (_, at) => at * 20);
const other = one.with(6, 1);

test("a later frame stores only the rectangle that changed, with its duration", async () => {
  const apng = await loaded;
  const moving = apng.movingPng([
    { png: png(one), ms: 100 },
    { png: png(other, 1), ms: 250 },
  ]);
  const chunks = apng.chunksOf(moving);
  assert.deepEqual(
    chunks.map(({ type }) => type),
    ["IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "IEND"],
  );
  const control = chunks[4]!.data;
  assert.deepEqual([0, 4, 8, 12, 16].map((at) => control.readUInt32BE(at)), [1, 1, 1, 2, 1]); // prettier-ignore
  assert.deepEqual([control.readUInt16BE(20), control.readUInt16BE(22)], [250, 1000]);
  assert.deepEqual(apng.pictureOf(moving).rows, apng.pictureOf(png(one)).rows); // other programs see the first frame
});

test("a frame without a change extends the one before it", async () => {
  const apng = await loaded;
  const chunks = apng.chunksOf(apng.movingPng([{ png: png(one), ms: 100 }, { png: png(one, 1), ms: 50 }])); // prettier-ignore
  assert.equal(chunks.filter(({ type }) => type === "fcTL").length, 1);
  assert.equal(chunks.find(({ type }) => type === "fcTL")!.data.readUInt16BE(20), 150);
});

test("the README's animation moves and is smaller than 500 kB", async () => {
  const apng = await loaded;
  const bytes = readFileSync("media/typing.png");
  assert.ok(bytes.length < 500_000);
  assert.ok(apng.chunksOf(bytes).filter(({ type }) => type === "fcTL").length > 10);
});
