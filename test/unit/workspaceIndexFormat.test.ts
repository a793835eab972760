import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { decoded, encoded, type StoredFile } from "../../src/workspace/indexFormat.js";

async function bytesOf(files: readonly StoredFile[], vocabulary = "v"): Promise<Buffer> {
  const { bytes, chunks } = await encoded(vocabulary, files);
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const all = Buffer.concat(parts);
  assert.equal(all.length, bytes, "the size is known before");
  return all;
}

const file = (path: string, ...tokens: readonly number[]): StoredFile => ({ path, modifiedMs: 12.5, bytes: 34, tokens: Uint32Array.from(tokens) }); // prettier-ignore
/** A file that consists of the same token many times. */
const many = (path: string, count: number, token: number): StoredFile => ({ ...file(path), tokens: new Uint32Array(count).fill(token) }); // prettier-ignore
const plain = (files: readonly StoredFile[] | undefined): unknown => files?.map(({ tokens, ...rest }) => ({ ...rest, tokens: [...tokens] })); // prettier-ignore

/** Appends the hash that an index file must end with. */
const hashed = (body: Buffer): Buffer => Buffer.concat([body, createHash("sha256").update(body).digest()]);

/** Replaces a text in an index's header, and updates the hash. */
function changedHeader(bytes: Buffer, from: string, to: string): Buffer {
  const body = bytes.subarray(0, -32).toString("latin1");
  assert.ok(body.includes(from), from);
  return hashed(Buffer.from(body.replace(from, to), "latin1"));
}

const indexes: readonly (readonly [string, readonly StoredFile[], number])[] = [
  ["no files", [], 0],
  ["a file without tokens", [file("a")], 0],
  ["tokens of two bytes", [file("a", 1, 2, 0xffff), file("b/é", 3)], 2],
  ["tokens of four bytes", [file("a", 1, 2), file("b", 0x10000, 5)], 4],
  ["a large token at the end", [file("a", ...new Array<number>(9).fill(1), 0xffffffff)], 4],
  ["more than a chunk of 1 MiB", [many("a", 600_000, 7), file("b", 8), many("c", 600_000, 9)], 2],
  ["exactly a chunk and a byte more", [many("a", 2 ** 19, 7)], 2],
]; // prettier-ignore

for (const [what, files, width] of indexes) {
  test(`an index of ${what} is read as it was written`, async () => {
    const bytes = await bytesOf(files);
    assert.deepEqual(plain(await decoded(bytes, "v")), plain(files));
    const unaligned = Buffer.concat([Buffer.alloc(1), bytes]).subarray(1);
    assert.deepEqual(plain(await decoded(unaligned, "v")), plain(files));
    const count = files.reduce((sum, { tokens }) => sum + tokens.length, 0);
    const headerBytes = 12 + bytes.readUInt32LE(8);
    assert.equal(headerBytes % 4, 0);
    assert.equal(bytes.length, headerBytes + count * width + 32);
  });
}

test("tokens of two bytes are kept as they are, and read as such", async () => {
  const files = [{ ...file("a"), tokens: Uint16Array.of(5, 6) }];
  const [read] = (await decoded(await bytesOf(files), "v")) ?? [];
  assert.ok(read?.tokens instanceof Uint16Array);
  assert.deepEqual([...read.tokens], [5, 6]);
});

test("an index of another vocabulary, of another version or without its magic is not read", async () => {
  const bytes = await bytesOf([file("a", 1)]);
  assert.equal(await decoded(bytes, "w"), undefined);
  for (const [from, to] of [
    ['"formatVersion":1', '"formatVersion":2'],
    ["RWKVIDX1", "RWKVIDX2"],
  ] as const) {
    assert.equal(await decoded(changedHeader(bytes, from, to), "v"), undefined);
  }
  assert.notEqual(await decoded(changedHeader(bytes, "RWKVIDX1", "RWKVIDX1"), "v"), undefined);
});

test("an index whose header does not fit its tokens is not read", async () => {
  const bytes = await bytesOf([file("a", 1, 2, 70_000), file("ö")]);
  for (const [from, to] of [
    ['"files":[', '"filed":['],
    [",34,3]", ",34,2]"],
    [",34,3]", ",34,9]"],
    ['"width":4', '"width":2'],
  ] as const) {
    const changed = changedHeader(bytes, from, to);
    assert.equal(await decoded(changed, "v").catch(() => undefined), undefined, to);
  }
});

test("an index with a byte changed, or cut off, or with bytes left over is not read", async () => {
  const bytes = await bytesOf([file("a", 1, 2, 3)]);
  for (const at of [0, 20, bytes.length - 33, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed[at] = changed[at]! ^ 1;
    assert.equal(await decoded(changed, "v").catch(() => undefined), undefined, `${at}`);
  }
  for (const length of [0, 11, 12, 31, 32, bytes.length - 1]) {
    assert.equal(await decoded(bytes.subarray(0, length), "v").catch(() => undefined), undefined, `${length}`);
  }
  const body = bytes.subarray(0, -32);
  assert.equal(await decoded(hashed(Buffer.concat([body, Buffer.alloc(2)])), "v"), undefined);
});
