import assert from "node:assert/strict";
import { symlinkSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { readTextFile } from "../../src/cli/textFile.js";
import { inTemporaryFolder } from "../support/temporary.js";

const skip = process.platform === "win32" && "links need a permission on Windows, which has no devices among files";

test("the command line does not read files that contain secrets, and names the rule", () =>
  inTemporaryFolder((folder) => {
    for (const [name, rule] of [
      [".env", "**/.env*"],
      ["server.key.1", "**/*.{pem,key,"],
      ["Secrets/db.txt", "**/{secrets,.secrets}/**"],
    ] as const) {
      assert.throws(
        () => readTextFile(path.join(folder, name)),
        (error: Error) => error.message.includes(`${name}: excluded by the default ${rule}`),
        name,
      );
    }
    const file = path.join(folder, "a.ts");
    writeFileSync(file, "let a;\r\nlet b;\n");
    assert.deepEqual(readTextFile(file).lines, ["let a;", "let b;", ""]);
  }));

test("a binary file is refused", () =>
  inTemporaryFolder((folder) => {
    const file = path.join(folder, "a.ts");
    writeFileSync(file, "let a;\n\0");
    assert.throws(() => readTextFile(file), /a\.ts: a binary file; give a text file/);
  }));

test("a link to a file that contains secrets is refused as well", { skip }, () =>
  inTemporaryFolder((folder) => {
    writeFileSync(path.join(folder, ".env"), "A=1");
    const link = path.join(folder, "a.txt");
    symlinkSync(".env", link);
    assert.throws(() => readTextFile(link), /a\.txt: excluded by the default \*\*\/\.env\*/);
  }),
);

test("only regular files of at most 5 MB are read", { skip }, () =>
  inTemporaryFolder((folder) => {
    assert.throws(() => readTextFile("/dev/zero"), /\/dev\/zero: is a device, a pipe or a socket, not a file/);
    assert.throws(() => readTextFile(folder), /: is a folder, not a file; give a regular file/);
    const link = path.join(folder, "zero.ts");
    symlinkSync("/dev/zero", link);
    assert.throws(() => readTextFile(link), /zero\.ts: is a device, a pipe or a socket/);
    const large = path.join(folder, "large.ts");
    writeFileSync(large, "");
    truncateSync(large, 5_000_001);
    assert.throws(
      () => readTextFile(large),
      /large\.ts: has 5000001 bytes; a text file to complete has at most 5000000/,
    );
    const page = path.join(folder, "page.html");
    writeFileSync(page, "<!doctype html><html>");
    assert.equal(readTextFile(page).lines.length, 1, "a web page is text like any other");
  }),
);
