import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { BoundedFolder } from "../../src/storedStates/boundedFolder.js";
import { inTemporaryFolder, put } from "../support/temporary.js";

const keepsNone: ReadonlySet<string> = new Set();
const limit = 1600;
const skip = process.platform === "win32" && "no modes, links or pipes on Windows";

/** Runs a test with a `BoundedFolder` that does not exist on disk before the first write. */
function withFolder(title: string, run: (folder: BoundedFolder, at: string) => Promise<void>): void {
  test(title, { skip }, () =>
    inTemporaryFolder((temporary) => {
      const at = path.join(temporary, "states");
      return run(new BoundedFolder(at, [".a", ".b"]), at);
    }),
  );
}

const namesIn = (at: string): string[] => readdirSync(at).sort();
const bytes = (length: number): Uint8Array[] => [Buffer.alloc(length, "x")];
/** The name of a temporary file that a process with this id writes. */
const temporaryOf = (pid: number): string => `a.a.${pid}-0f.tmp`;
const endedPid = (): number => spawnSync(process.execPath, ["--version"]).pid;

withFolder("a file is its parts one after the other, readable by the user alone", async (folder, at) => {
  assert.equal(await folder.write("x.a", [Buffer.from("one"), Buffer.from("two")], limit, keepsNone), true);
  assert.equal((await folder.read("x.a"))?.toString(), "onetwo");
  assert.deepEqual([folder.has("x.a"), folder.has("y.a")], [true, false]);
  assert.deepEqual([statSync(at).mode & 0o777, statSync(path.join(at, "x.a")).mode & 0o777], [0o700, 0o600]);
  assert.deepEqual(namesIn(at), ["x.a"]);
});

withFolder("a folder that others could read becomes private at the next write", async (folder, at) => {
  mkdirSync(at, { mode: 0o755 });
  await folder.write("x.a", bytes(1), limit, keepsNone);
  assert.equal(statSync(at).mode & 0o777, 0o700);
});

withFolder("a deleted file is known no more", async (folder, at) => {
  await folder.write("x.a", bytes(9), limit, keepsNone);
  await folder.delete("x.a");
  await folder.delete("never.a");
  assert.deepEqual([folder.has("x.a"), await folder.read("x.a"), namesIn(at)], [false, undefined, []]);
});

withFolder(
  "a scan finds the files with the folder's extensions, and deletes the oldest above the limit",
  async (folder, at) => {
    for (const [name, age] of [["old.a", 300], ["older.b", 400], ["new.b", 100], ["other.c", 900]] as const) put(at, name, 100, age); // prettier-ignore
    mkdirSync(path.join(at, "folder.a"));
    await folder.scan(300);
    assert.deepEqual(["old.a", "older.b", "new.b", "other.c", "folder.a"].map((name) => folder.has(name)), [true, true, true, false, false]); // prettier-ignore
    await folder.scan(299);
    assert.deepEqual(namesIn(at), ["folder.a", "new.b", "old.a", "other.c"]);
    await folder.scan(0);
    assert.deepEqual(namesIn(at), ["folder.a", "other.c"]);
  },
);

withFolder(
  "a file from the future is the oldest, unless its clock is at most ten minutes ahead",
  async (folder, at) => {
    for (const [name, age] of [["ahead.a", -9], ["wrong.a", -11], ["old.a", 500]] as const) put(at, name, 100, age); // prettier-ignore
    await folder.scan(200);
    assert.deepEqual(namesIn(at), ["ahead.a", "old.a"]);
    await folder.scan(100);
    assert.deepEqual(namesIn(at), ["ahead.a"]);
  },
);

withFolder("a temporary file is deleted if its writer ended, or took more than ten minutes", async (folder, at) => {
  const recent = temporaryOf(process.pid);
  put(at, temporaryOf(endedPid()), 10);
  put(at, `b${temporaryOf(process.pid)}`, 10, 10.1);
  put(at, recent, 10, 9.9);
  put(at, "unnamed.tmp", 10, 99);
  await folder.scan(1000);
  assert.deepEqual(namesIn(at), [recent, "unnamed.tmp"]);
});

withFolder("what other windows are writing counts", async (folder, at) => {
  put(at, temporaryOf(process.pid), 100);
  put(at, "x.a", 100);
  await folder.scan(199);
  assert.deepEqual(namesIn(at), [temporaryOf(process.pid)]);
});

/**
 * A case, the size of a file, the limit of the folder, and whether the file fits. Room must be left for other windows:
 * a 16th of the limit, or twice the size if that is more.
 */
const rooms: readonly (readonly [string, number, number, boolean])[] = [
  ["a third of the limit", 533, 1600, true],
  ["more than a third of the limit", 534, 1600, false],
  ["a file of no bytes", 0, 1600, true],
  ["anything without a limit of its own", 1, 0, false],
];
for (const [what, size, maxBytes, expected] of rooms) {
  withFolder(`${what} ${expected ? "fits" : "does not fit"}`, async (folder, at) => {
    assert.equal(await folder.write("x.a", bytes(size), maxBytes, keepsNone), expected);
    assert.deepEqual(await folder.read("x.a").then((read) => read?.length), expected ? size : undefined);
    if (expected) assert.deepEqual(namesIn(at), ["x.a"]);
  });
}

withFolder("the oldest files make room, but not those to be kept", async (folder, at) => {
  for (const [name, age] of [["1.a", 500], ["2.a", 400], ["3.a", 300]] as const) put(at, name, 500, age); // prettier-ignore
  assert.equal(await folder.write("4.a", bytes(10), 1600, new Set(["1.a"])), true);
  assert.deepEqual(namesIn(at), ["1.a", "3.a", "4.a"]);
  assert.equal(await folder.write("5.a", bytes(10), 1050, new Set(["1.a", "3.a", "4.a"])), false);
  assert.deepEqual(namesIn(at), ["1.a", "3.a", "4.a"]);
});

withFolder("a 16th of the limit stays free", async (folder, at) => {
  put(at, "theirs.a", 1490);
  assert.equal(await folder.write("x.a", bytes(10), 1600, new Set(["theirs.a"])), true);
  assert.equal(await folder.write("x.a", bytes(11), 1600, new Set(["theirs.a"])), false);
});

withFolder("a file that is written again and again counts once", async (folder, at) => {
  put(at, "other.a", 400, 500);
  for (let times = 0; times < 4; times++) await folder.write("x.a", bytes(20), 1600, keepsNone);
  assert.equal(await folder.write("y.a", bytes(400), 1700, keepsNone), true);
  assert.deepEqual(namesIn(at), ["other.a", "x.a", "y.a"]);
});

withFolder("a file that is replaced makes room for itself", async (folder, at) => {
  await folder.write("x.a", bytes(500), limit, keepsNone);
  put(at, "y.a", 400);
  await folder.scan(limit);
  assert.equal(await folder.write("x.a", bytes(500), limit, new Set(["y.a"])), false);
  assert.equal(await folder.write("x.a", bytes(400), limit, new Set(["y.a"])), true);
  assert.deepEqual([namesIn(at), (await folder.read("x.a"))?.length], [["x.a", "y.a"], 400]);
});

withFolder("the files of other windows are counted again after a 64th of the limit was written", async (folder, at) => {
  await folder.write("x.a", bytes(100), 6400, keepsNone);
  put(at, "theirs.a", 5900, 500);
  await folder.write("y.a", bytes(1), 6400, keepsNone);
  assert.deepEqual(namesIn(at), ["theirs.a", "x.a", "y.a"], "100 bytes of 6400 are a 64th, not more");
  await folder.write("z.a", bytes(1), 6400, keepsNone);
  assert.deepEqual(namesIn(at), ["x.a", "y.a", "z.a"]);
});

withFolder("a file that is used again counts as new, but is touched at most once an hour", async (folder, at) => {
  put(at, "old.a", 100, 61);
  put(at, "recent.a", 100, 59);
  const before = statSync(path.join(at, "recent.a")).mtimeMs;
  await folder.scan(limit);
  for (const name of ["old.a", "recent.a", "never.a"]) await folder.touch(name);
  assert.ok(Date.now() - statSync(path.join(at, "old.a")).mtimeMs < 60_000);
  assert.equal(statSync(path.join(at, "recent.a")).mtimeMs, before);
  assert.equal(await folder.write("x.a", bytes(1), 130, keepsNone), true);
  assert.deepEqual(namesIn(at), ["old.a", "x.a"], "the file that was touched is newer");
});

withFolder("a file that another window deleted can be touched", async (folder, at) => {
  put(at, "old.a", 100, 61);
  await folder.scan(limit);
  await new BoundedFolder(at, [".a"]).delete("old.a");
  await folder.touch("old.a");
});

withFolder("links, pipes, folders and files of more than 256 MiB are not read", async (folder, at) => {
  put(at, "file.a", 3);
  symlinkSync("file.a", path.join(at, "link.a"));
  mkdirSync(path.join(at, "folder.a"));
  spawnSync("mkfifo", [path.join(at, "pipe.a")]);
  put(at, "large.a", 2 ** 28 + 1);
  const read = await Promise.all(
    ["file", "link", "folder", "pipe", "large", "never"].map((name) => folder.read(`${name}.a`)),
  );
  assert.deepEqual(
    read.map((one) => one?.length),
    [3, undefined, undefined, undefined, undefined, undefined],
  );
});

test("a folder that is a link is neither written nor scanned", { skip }, () =>
  inTemporaryFolder(async (temporary) => {
    const other = path.join(temporary, "other");
    put(other, "x.a", 100);
    const at = path.join(temporary, "states");
    symlinkSync(other, at);
    const folder = new BoundedFolder(at, [".a"]);
    await folder.scan(0);
    await assert.rejects(folder.write("y.a", bytes(1), limit, keepsNone), /it is a link/);
    assert.deepEqual([namesIn(other), folder.has("x.a"), lstatSync(at).isSymbolicLink()], [["x.a"], false, true]);
  }),
);

withFolder("a write that fails leaves the file as it was, and no temporary file", async (folder, at) => {
  await folder.write("x.a", bytes(3), limit, keepsNone);
  const notBytes = { byteLength: 1 } as Uint8Array; // writing this fails
  await assert.rejects(folder.write("x.a", [Buffer.from("new"), notBytes], limit, keepsNone));
  assert.deepEqual([namesIn(at), readFileSync(path.join(at, "x.a"), "utf8")], [["x.a"], "xxx"]);
});
