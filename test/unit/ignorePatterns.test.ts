import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { IgnorePatterns } from "../../src/workspace/ignorePatterns.js";
import { randomFrom } from "../support/random.js";
import { inTemporaryFolder } from "../support/temporary.js";

/** True if a file, or a folder on its path, is ignored. */
function isIgnored(patterns: IgnorePatterns, file: string): boolean {
  const names = file.split("/");
  return names.some((_, i) => patterns.verdict(names.slice(0, i + 1).join("/"), i + 1 < names.length) === "ignored");
}

const ignored = (text: string, ...files: readonly string[]): string[] => {
  const patterns = new IgnorePatterns(text);
  return files.filter((file) => isIgnored(patterns, file));
};

test("patterns mean what gitignore(5) says", () => {
  const files = ["a.ts", "b/a.ts", "b/c/a.ts", "b/c.ts", "d/b/c.ts"];
  for (const [text, expected] of [
    ["a.ts", "a.ts b/a.ts b/c/a.ts"],
    ["/a.ts", "a.ts"],
    ["b/c", "b/c/a.ts"],
    ["b/", "b/a.ts b/c/a.ts b/c.ts d/b/c.ts"],
    ["a.ts/", ""],
    ["b/*", "b/a.ts b/c/a.ts b/c.ts"],
    ["b/**", "b/a.ts b/c/a.ts b/c.ts"],
    ["**/c.ts", "b/c.ts d/b/c.ts"],
    ["b/**/a.ts", "b/a.ts b/c/a.ts"],
    ["*.ts\n!a.ts", "b/c.ts d/b/c.ts"],
    ["b\n!b/a.ts", "b/a.ts b/c/a.ts b/c.ts d/b/c.ts"],
    ["[ab].ts\r\n# a comment\n\n", "a.ts b/a.ts b/c/a.ts"],
    ["\ufeff?.ts", "a.ts b/a.ts b/c/a.ts b/c.ts d/b/c.ts"],
    ["A.TS", "a.ts b/a.ts b/c/a.ts"],
    ["*.ts\n!A.ts", files.join(" ")],
    ["/b\n!/B", "b/a.ts b/c/a.ts b/c.ts"],
    ["*.ts\n![A].ts", files.join(" ")],
    ["*.ts\n![!A].ts", ""],
    ["[!A].ts", files.join(" ")],
  ] as const) {
    assert.equal(ignored(text, ...files).join(" "), expected, JSON.stringify(text));
  }
  const odd = ["#a", "!a", "a ", "{a,b}", "a(b)", "a]", "a5", "ö"];
  for (const [text, expected] of [
    ["\\#a\n\\!a", "#a !a"],
    ["a\\ ", "a "],
    ["{a,b}", "{a,b}"],
    ["*(b)", "a(b)"],
    ["a[]]", "a]"],
    ["a[[:digit:]]", "a5"],
    ["o\u0308", "ö"],
    ["a\\\n[", ""],
  ] as const) {
    assert.equal(ignored(text, ...odd).join(" "), expected, JSON.stringify(text));
  }
});

const git = spawnSync("git", ["--version"]).status === 0;

test(
  "for random patterns, exactly the paths that Git ignores are ignored",
  { skip: git ? false : "git was not found" },
  async () => {
    const random = randomFrom(11);
    const pick = (from: readonly string[]): string => from[random.below(from.length)]!;
    const parts = "a b ab * ** ? / / /**/ **/ /** [ab] [!a] [a-b] \\a ! # . [[:alpha:]] *a b* {a,b} a** \\ [".split(
      " ",
    );
    const files = ["a", "b", "ab", "ba"].flatMap((one) =>
      ["", "a/", "b/a/", "ab/b/", "a/b/ab/"].map((folder) => folder + "f" + one),
    );
    await inTemporaryFolder((folder) => {
      execFileSync("git", ["init", "-q", folder]);
      for (const file of files) {
        mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
        writeFileSync(path.join(folder, file), "");
      }
      for (let run = 0; run < 150; run++) {
        const lines = Array.from({ length: 1 + random.below(3) }, () =>
          Array.from({ length: 1 + random.below(4) }, () => pick(parts)).join(""),
        );
        const text = lines.join("\n") + "\n";
        writeFileSync(path.join(folder, ".gitignore"), text);
        const input = files.join("\n");
        const options = ["-C", folder, "check-ignore", "--stdin"];
        const { stdout } = spawnSync("git", options, {
          input,
          encoding: "utf8",
          env: { ...process.env, HOME: folder },
        });
        const expected = stdout.split("\n").filter((line) => line !== "");
        assert.deepEqual(ignored(text, ...files), expected, `${run}: ${JSON.stringify(text)}`);
      }
    });
  },
);

test(
  "whatever Git ignores is ignored, whether it compares the case of letters or not",
  { skip: git ? false : "git was not found" },
  async () => {
    const random = randomFrom(12);
    const pick = (from: readonly string[]): string => from[random.below(from.length)]!;
    const parts = "a A b B * ? / **/ [ab] [A-B] [!a] [!A] [a-b] [[:upper:]] [![:lower:]] \\A".split(" ");
    const names = ["a", "A", "ab", "aB", "B", "b"];
    const files = names.flatMap((name) => ["", "a/", "A/b/", "aB/"].map((folder) => `${folder}${name}`));
    await inTemporaryFolder((folder) => {
      execFileSync("git", ["init", "-q", folder]);
      let included = 0;
      for (let run = 0; run < 100; run++) {
        const lines = Array.from({ length: 1 + random.below(4) }, (_, i) => {
          const pattern = Array.from({ length: 1 + random.below(3) }, () => pick(parts)).join("");
          return i > 0 && random.below(2) === 0 ? `!${pattern}` : pattern;
        });
        const text = lines.join("\n") + "\n";
        writeFileSync(path.join(folder, ".gitignore"), text);
        const own = ignored(text, ...files);
        for (const ignoreCase of [false, true]) {
          const { stdout } = spawnSync(
            "git",
            ["-C", folder, "-c", `core.ignoreCase=${ignoreCase}`, "check-ignore", "--stdin"],
            { input: files.join("\n"), encoding: "utf8", env: { ...process.env, HOME: folder } },
          );
          const missing = stdout.split("\n").filter((line) => line !== "" && !own.includes(line));
          assert.deepEqual(missing, [], `${run}, core.ignoreCase=${ignoreCase}: ${JSON.stringify(text)}`);
        }
        included += lines.some((line) => line.startsWith("!")) && own.length < files.length ? 1 : 0;
      }
      assert.ok(included > 20, `${included} lists with a negated pattern leave files`);
    });
  },
);

test("no patterns take more than a bounded number of steps; a path that they do not decide is undecided", () => {
  const path = `${"a".repeat(250)}/`.repeat(15) + "a.ts";
  for (const line of [
    "*a".repeat(2000) + "*b",
    "**/a*/".repeat(600) + "b",
    "[a-z]*".repeat(600),
    `[${"xyz".repeat(1300)}]*`,
  ]) {
    const patterns = new IgnorePatterns(`${line}\n`.repeat(Math.floor(100_000 / line.length)));
    assert.match(patterns.verdict(path, false), /undecided|none/);
    patterns.verdict("a.ts", false);
  }
  const many = new IgnorePatterns(`${"**/a*/".repeat(600)}b\n`.repeat(25));
  assert.equal(many.verdict(path, false), "undecided");
  assert.equal(many.verdict("none.ts", false), "undecided", "no other path is tried");
  assert.throws(() => new IgnorePatterns("a".repeat(5000)), /more than 4096 characters/);
  // Lists of a realistic length stay within the limits.
  const list = new IgnorePatterns(
    Array.from({ length: 2000 }, (_, i) => `*.generated${i}\n/out/folder${i}/`).join("\n"),
  );
  assert.equal(list.verdict("packages/app/src/components/button.generated1999", false), "ignored");
  assert.equal(list.verdict("packages/app/src/components/button.ts", false), "none");
});
