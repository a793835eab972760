import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { readRegularFile, type FileContent, type ReadOptions } from "../../src/workspace/regularFile.js";
import { inTemporaryFolder } from "../support/temporary.js";

const skip = process.platform === "win32" && "no such files on Windows";
const yes = async (): Promise<boolean> => true;
const no = async (): Promise<boolean> => false;
const refused = (reason: string): FileContent => ({ kind: "refused", reason });
const throughLink = refused("is reached through a link");

/** Reads the file `a` in a folder, with a limit of 5 bytes. */
function read(folder: string, options: Partial<ReadOptions> = {}): Promise<FileContent> {
  return readRegularFile(path.join(folder, "a"), { maxBytes: 5, isUnlinked: yes, ...options });
}

function write(folder: string, text: string): { readonly modifiedMs: number; readonly bytes: number } {
  writeFileSync(path.join(folder, "a"), text);
  const { mtimeMs, size } = statSync(path.join(folder, "a"));
  return { modifiedMs: mtimeMs, bytes: size };
}

for (const text of ["", "a", "12345"]) {
  test(`a file of ${text.length} bytes is read with its stamp`, () =>
    inTemporaryFolder(async (folder) => {
      const stamp = write(folder, text);
      assert.deepEqual(await read(folder), { kind: "read", bytes: Buffer.from(text), stamp });
    }));
}

test("a file of the known time and size is not read, unless it is reached through a link", () =>
  inTemporaryFolder(async (folder) => {
    const known = write(folder, "abc");
    assert.deepEqual(await read(folder, { known }), { kind: "unchanged" });
    assert.deepEqual(await read(folder, { known, isUnlinked: no }), throughLink);
    for (const other of [
      { ...known, bytes: 4 },
      { ...known, modifiedMs: known.modifiedMs + 1 },
    ]) {
      assert.equal((await read(folder, { known: other })).kind, "read");
    }
  }));

test("the path is checked with the opened file, and a file that a link leads to is refused", () =>
  inTemporaryFolder(async (folder) => {
    write(folder, "abc");
    const descriptors: (number | undefined)[] = [];
    const isUnlinked = async (descriptor?: number): Promise<boolean> => descriptors.push(descriptor) > 1;
    assert.deepEqual(await read(folder, { isUnlinked }), throughLink);
    assert.equal(typeof descriptors[0], "number");
  }));

const others: readonly (readonly [string, (file: string) => void, FileContent])[] = [
  ["6 bytes", (file) => { writeFileSync(file, "123456"); }, refused("is larger than 5 bytes")],
  ["a folder", (file) => { mkdirSync(file); }, refused("is a folder")],
  ["a link", (file) => { symlinkSync("/dev/null", file); }, refused("is a link")],
  ["a pipe", (file) => { spawnSync("mkfifo", [file]); }, refused("is a device, a pipe or a socket")],
  ["nothing", () => undefined, { kind: "missing" }],
]; // prettier-ignore

for (const [what, make, expected] of others) {
  test(`${what} in place of a file: ${expected.kind}`, { skip }, () =>
    inTemporaryFolder(async (folder) => {
      make(path.join(folder, "a"));
      assert.deepEqual(await read(folder), expected);
    }),
  );
}

test("a file below a file is missing, and a name that is too long cannot be read", { skip }, () =>
  inTemporaryFolder(async (folder) => {
    write(folder, "abc");
    const options = { maxBytes: 5, isUnlinked: yes };
    assert.deepEqual(await readRegularFile(path.join(folder, "a", "b"), options), { kind: "missing" });
    assert.deepEqual(await readRegularFile(path.join(folder, "a".repeat(300)), options), refused("cannot be read (ENAMETOOLONG)")); // prettier-ignore
  }),
);

test("a file that grows, or is replaced, while it is read is refused", { skip }, () =>
  inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "a");
    write(folder, "12345");
    const grows = async (): Promise<boolean> => {
      appendFileSync(file, "6");
      return true;
    };
    assert.deepEqual(await read(folder, { isUnlinked: grows }), refused("is larger than 5 bytes"));
    write(folder, "123");
    const isReplaced = async (): Promise<boolean> => {
      writeFileSync(`${file}.new`, "456");
      renameSync(`${file}.new`, file);
      return true;
    };
    assert.deepEqual(await read(folder, { isUnlinked: isReplaced }), throughLink);
    rmSync(file);
  }),
);
