import assert from "node:assert/strict";
import test from "node:test";
import { compileGlob, lower, type Instruction } from "../../src/shared/globProgram.js";
import { lastMatch } from "../../src/shared/globRun.js";
import { compileGlobs } from "../../src/shared/pathGlobs.js";

/** True if a glob matches all of a path. */
function matches(glob: string, path: string, isCaseSensitive?: boolean): boolean {
  const program: Instruction[] = [];
  compileGlob(Array.from(glob), program, isCaseSensitive === undefined ? {} : { isCaseSensitive });
  program.push({ kind: "match", glob: 0 });
  return (
    lastMatch({ program, starts: { fixed: [0], floating: [] } }, path, { extent: "wholePath", maxSteps: 10_000 }) === 0
  );
}

/** Each glob with the paths that it matches, and those that it does not. */
const globs: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["a", ["a", "A"], ["", "b", "ab", "a/a"]],
  ["Ä", ["ä", "Ä"], ["a"]],
  ["?", ["a", "é", "😀"], ["", "ab", "/"]],
  ["*", ["", "a", "abc"], ["a/b", "/"]],
  ["a*c", ["ac", "abc", "abbc"], ["a/c", "abcd"]],
  ["a/*", ["a/", "a/b"], ["a", "a/b/c"]],
  ["**", ["", "a", "a/b/c"], []],
  ["a/**", ["a/", "a/b", "a/b/c"], ["a", "ab"]],
  ["a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["ab", "a/xb", "a/b/x"]],
  ["a/***/b", ["a/b", "a/x/y/b"], ["a/xb"]],
  ["a**b", ["ab", "axb"], ["a/b"]],
  ["**b", ["b", "ab"], ["a/b"]],
  ["a/b**", ["a/b", "a/bc"], ["a/b/c"]],
  ["{a,bc}d", ["ad", "bcd"], ["d", "abcd", "a,bcd"]],
  ["{a}", ["a"], ["{a}"]],
  ["{a,}b", ["ab", "b"], ["aab"]],
  ["{a,{b,c}}d", ["ad", "bd", "cd"], ["abd", "d"]],
  ["x/{**,a}/b", ["x/a/b", "x/y/z/b"], ["xb"]],
  ["{**,a}", ["", "a/b"], []],
  ["{a,b/**}", ["a", "b/c/d"], ["a/c", "b"]],
  ["a,b}", ["a,b}"], ["a"]],
  ["[abc]", ["a", "B", "c"], ["d", "/", "ab"]],
  ["[a-c]", ["a", "b", "C"], ["d", "-"]],
  ["[a-cx-z]", ["b", "y"], ["m"]],
  ["[a-mh-z]", ["a", "k", "z"], ["1"]],
  ["[a-zc-d]", ["b", "y"], ["1"]],
  ["[c-a]", [], ["a", "b", "c"]],
  ["[0-9z]", ["0", "9", "Z"], ["a"]],
  ["[!a]", ["b", "A"], ["a", "/", ""]],
  ["[^a]", ["b"], ["a", "/"]],
  ["[!a-c]", ["d"], ["b", "/"]],
  ["[]]", ["]"], ["["]],
  ["[]a]", ["]", "a"], ["b"]],
  ["[!]]", ["a"], ["]"]],
  ["[a-]", ["a", "-"], ["b"]],
  ["[-a]", ["a", "-"], ["b"]],
  ["[\\]]", ["]"], ["\\"]],
  ["[a\\-c]", ["a", "-", "c"], ["b"]],
  ["[A-C]", ["a", "B"], ["d"]],
  ["[a/]", ["a"], ["/"]],
  ["\\*", ["*"], ["a", "\\a"]],
  ["\\a", ["a"], ["\\a"]],
  ["a\\", ["a\\"], ["a"]],
  ["a!", ["a!"], ["a"]],
  ["(a)", ["(a)"], ["a"]],
];

for (const [glob, matching, others] of globs) {
  test(`the glob ${glob} matches these paths and no others`, () => {
    for (const path of matching) assert.equal(matches(glob, path), true, JSON.stringify(path));
    for (const path of others) assert.equal(matches(glob, path), false, JSON.stringify(path));
  });
}

const sensitive: readonly (readonly [string, string, boolean])[] = [
  ["a", "a", true], ["a", "A", false], ["A", "A", true], ["A", "a", false], ["[a-c]", "b", true], ["[a-c]", "B", false],
  ["[A-C]", "B", true], ["[A-C]", "b", false], ["[!a]", "A", false], ["[!a]", "a", false], ["[!a]", "b", true],
  ["[!A]", "a", true], ["[!A]", "A", false],
]; // prettier-ignore

test("with case, a character must match in the case of the path, and a negated class excludes either case", () => {
  for (const [glob, path, expected] of sensitive) assert.equal(matches(glob, path, true), expected, `${glob} ${path}`);
});

test("a character whose lower case has two characters stays as it is", () => {
  assert.deepEqual(["A", "ß", "İ", "😀"].map(lower), ["a", "ß", "İ", "😀"]);
});

const invalid: readonly (readonly [string, RegExp])[] = [
  ["!a", /begins with ! is not supported/],
  ["{a", /a \{ has no \}/],
  ["{a,{b}", /a \{ has no \}/],
  ["[a", /a \[ has no \]/],
  ["[", /a \[ has no \]/],
  ["[]", /a \[ has no \]/],
  ["[!]", /a \[ has no \]/],
  ["[a-", /a \[ has no \]/],
  ["[\\", /a \[ has no \]/],
  ...["?", "*", "+", "@", "!"].map(
    (sign) => [`${sign}(a|b)`, /patterns such as \*\(a\|b\) are not supported/] as const,
  ),
];

for (const [glob, message] of invalid) {
  test(`the glob ${glob} is refused`, () => {
    assert.throws(() => matches(glob, "a"), message);
  });
}

const folders: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["a", ["a", "a/b", "a/b/c"], ["b/a", "ab/c"]],
  ["**/a", ["a", "b/a", "b/c/a/d"], ["ba", "b/ca"]],
  ["**/**/a", ["a", "b/a"], ["ba"]],
  ["**/a/b", ["a/b", "x/a/b/c"], ["a/x/b"]],
  ["**/*.ts", ["a.ts", "a/b/c.ts"], ["a.js"]],
  ["*.ts", ["a.ts", ".ts"], ["a/b.ts", "a.tsx"]],
  ["*.{ts,js}", ["a.ts", "a.js"], ["a.rs"]],
  ["{a,b/{c,d}}.x", ["a.x", "b/c.x", "b/d.x"], ["b.x"]],
  ["{**/a,b}/c", ["a/c", "x/a/c", "b/c"], ["x/b/c"]],
  ["a/**/b", ["a/b", "a/x/b", "a/b/c"], ["ab", "x/a/b", "a/xb"]],
  ["x{,y}", ["x", "xy"], ["xz"]],
  ["", [], ["a", ""]],
];

for (const [glob, matching, others] of folders) {
  test(`excluded by ${JSON.stringify(glob)}: the path, and everything in a folder`, () => {
    const { matches: isMatched } = compileGlobs([glob]);
    for (const path of matching) assert.equal(isMatched(path), true, path);
    for (const path of others) assert.equal(isMatched(path), false, path);
  });
}

test("the last glob that matches and counts is found by its number", () => {
  const program: Instruction[] = [];
  const fixed = ["a*", "ab", "*b", "c"].map((glob, i) => {
    const start = program.length;
    compileGlob(Array.from(glob), program);
    program.push({ kind: "match", glob: i });
    return start;
  });
  const found = (path: string, counts?: (glob: number) => boolean): unknown =>
    lastMatch({ program, starts: { fixed, floating: [] } }, path, {
      extent: "wholePath",
      maxSteps: 1000,
      ...(counts && { counts }),
    });
  assert.deepEqual(
    ["ab", "ax", "c", "x"].map((path) => found(path)),
    [2, 0, 3, "none"],
  );
  assert.deepEqual([found("ab", (glob) => glob !== 2), found("ab", (glob) => glob === 0)], [1, 0]);
});

test("globs are limited to 512 characters each and 32,768 together", () => {
  const long = "a".repeat(512);
  assert.deepEqual(compileGlobs([long, `${long}a`]).problems, [
    { glob: `${long}a`, reason: "it is longer than 512 characters" },
  ]);
  const { problems } = compileGlobs([...new Array<string>(64).fill(long), "b"]);
  assert.deepEqual(problems, [{ glob: "b", reason: "all globs together are longer than 32768 characters" }]);
});

test("a bad glob is ignored and reported, and the others apply", () => {
  const bad = [...invalid.map(([glob]) => glob), "a".repeat(513), "**/".repeat(20_000), "a[b", "a{b", "{"];
  const { matches: isMatch, problems } = compileGlobs(["c", ...bad, "**/*.key"]);
  assert.deepEqual(
    problems.map(({ glob }) => glob),
    bad,
  );
  assert.ok(problems.every(({ reason }) => reason.length > 5 && reason.length < 120));
  assert.deepEqual(["c", "x/a.key", "ab"].map(isMatch), [true, true, false]);
});

test("a path that takes too many steps counts as excluded", () => {
  const { matches: isMatched } = compileGlobs(new Array<string>(60).fill("*a".repeat(200)));
  assert.equal(isMatched("a".repeat(100)), true);
  assert.equal(compileGlobs(["*a".repeat(200)]).matches("a".repeat(100)), false);
});
