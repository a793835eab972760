import assert from "node:assert/strict";
import test from "node:test";
import { readPickle, type PickleValue } from "../../src/rwkv/weights/pickle.js";
import { op } from "../support/pthFile.js";

function read(...parts: readonly (string | Uint8Array)[]): PickleValue {
  const bytes = Buffer.concat(parts.map((part) => (typeof part === "string" ? op(part) : part)));
  return readPickle(
    bytes,
    (name) => name === "a.b" || name === "collections.OrderedDict",
    (problem) => new Error(problem),
  );
}

const none = { kind: "none" };
const tuple = (...items: readonly unknown[]): unknown => ({ kind: "tuple", items });
const list = (...items: readonly unknown[]): unknown => ({ kind: "list", items });
const dict = (...entries: readonly unknown[]): unknown => ({ kind: "dict", entries });
const global = { kind: "global", name: "a.b" };
const float64 = Buffer.from([0x47, 0xbf, 0xf8, 0, 0, 0, 0, 0, 0]);
const wideMemo = Buffer.from([0x72, 0x7f, 0x84, 0x1e, 0]); // LONG_BINPUT 1999999
const wideRecall = Buffer.from([0x6a, 0x7f, 0x84, 0x1e, 0]);
const tooWideMemo = Buffer.from([0x72, 0x80, 0x84, 0x1e, 0]); // LONG_BINPUT 2000000

const values: readonly (readonly [string, readonly (string | Uint8Array)[], unknown])[] = [
  ["protocol 2 and None", ["\u0080\u0002N."], none],
  ["true and false", ["\u0088\u0089\u0086."], tuple(true, false)],
  ["a byte", ["K\u00ff."], 255],
  ["two bytes", ["M\u0001\u0002."], 0x201],
  ["four bytes with a sign", ["J\u00fe\u00ff\u00ff\u00ff."], -2],
  ["a long of no bytes", ["\u008a\u0000."], 0],
  ["a long of one byte", ["\u008a\u0001\u0080."], -128],
  ["a long of three bytes", ["\u008a\u0003\u0001\u0002\u0003."], 0x30201],
  ["a long of eight bytes", ["\u008a\u0008\u0001\0\0\0\0\0\0\0."], 1],
  ["a negative long of eight bytes", [`\u008a\u0008${"\u00ff".repeat(8)}.`], -1],
  ["a float, big endian", [float64, "."], -1.5],
  ["a text", ["X\u0003\0\0\0", Buffer.from("aé"), "."], "aé"],
  ["an empty text", ["X\0\0\0\0."], ""],
  ["an empty tuple", [")."], tuple()],
  ["a tuple of one", ["K\u0001\u0085."], tuple(1)],
  ["a tuple of two", ["K\u0001K\u0002\u0086."], tuple(1, 2)],
  ["a tuple of three", ["K\u0001K\u0002K\u0003\u0087."], tuple(1, 2, 3)],
  ["a tuple to the mark", ["K\u0009(K\u0001K\u0002t\u0086."], tuple(9, tuple(1, 2))],
  ["an empty tuple to the mark", ["(t."], tuple()],
  ["marks within marks", ["((K\u0001tK\u0002t."], tuple(tuple(1), 2)],
  ["an empty list", ["]."], list()],
  ["a list by APPEND", ["]K\u0001aNa."], list(1, none)],
  ["a list by APPENDS", ["](K\u0001K\u0002e."], list(1, 2)],
  ["an empty dict", ["}."], dict()],
  ["a dict by SETITEM", ["}K\u0001K\u0002s."], dict([1, 2])],
  ["a dict by SETITEMS", ["}(K\u0001K\u0002K\u0003Nu."], dict([1, 2], [3, none])],
  ["a dict of no items", ["}(u."], dict()],
  ["an allowed global", ["ca\nb\n."], global],
  ["a call, which is not executed", ["ca\nb\nK\u0001\u0085R."], { kind: "call", name: "a.b", args: [1] }],
  ["an OrderedDict, which is a dict", ["ccollections\nOrderedDict\n)R."], dict()],
  ["a reference outside", ["K\u0001Q."], { kind: "persistent", id: 1 }],
  ["a memo, which keeps the value on the stack", ["K\u0005q\u0007h\u0007\u0086."], tuple(5, 5)],
  ["a memo that is overwritten", ["K\u0005q\u0007K\u0006q\u0007h\u0007\u0087."], tuple(5, 6, 6)],
  ["a memo with a wide index", ["K\u0005", wideMemo, wideRecall, "\u0086."], tuple(5, 5)],
  ["the state of a dict, which is discarded", ["}K\u0001K\u0002s}b."], dict([1, 2])],
  ["what follows STOP is ignored", ["K\u0001.\u00ff"], 1],
  ["64 marks", [`${"(".repeat(64)}${"t".repeat(64)}.`], nestedTuples(64)],
]; // prettier-ignore

function nestedTuples(depth: number): unknown {
  return depth === 1 ? tuple() : tuple(nestedTuples(depth - 1));
}

for (const [what, parts, expected] of values) {
  test(`a pickle of ${what}`, () => {
    assert.deepEqual(read(...parts), expected);
  });
}

const line = (length: number): string => `c${"m".repeat(length)}\nn\n.`;
const refused: readonly (readonly [string, readonly (string | Uint8Array)[], RegExp])[] = [
  ["protocol 3", ["\u0080\u0003N."], /protocol 3, not 2/],
  ["65 marks", ["(".repeat(65)], /nested too deeply/],
  ["a memo index of 2,000,000", ["N", tooWideMemo], /the memo index 2000000/],
  ["a memo of nothing", ["q\0"], /empty stack/],
  ["a memo of a value below the mark", ["N(q\0"], /empty stack/],
  ["a recall before the memo", ["Nq\0h\u0001."], /refers to a missing value/],
  ["a tuple of two with one value", ["K\u0001\u0086."], /empty stack/],
  ["a value from below the mark", ["K\u0001K\u0002(K\u0003\u0086."], /empty stack/],
  ["a second tuple to one mark", ["((ttt."], /empty stack/],
  ["a call of a call", ["ca\nb\n)R)R."], /calls something that is not a function/],
  ["a call with a list", ["ca\nb\n]R."], /calls something that is not a function/],
  ["a call with a number", ["ca\nb\nK\u0001R."], /calls something that is not a function/],
  ["an OrderedDict with an argument", ["ccollections\nOrderedDict\nN\u0085R."], /an OrderedDict from arguments/],
  ["an append to a tuple", [")K\u0001a."], /not a list/],
  ["an append to a number", ["K\u0001K\u0001a."], /not a list/],
  ["items of a number", ["K\u0001K\u0001K\u0001s."], /not a dict/],
  ["three items", ["}(K\u0001K\u0001K\u0001u."], /not a dict/],
  ["the state of a list", ["]}b."], /state of something that is not a dict/],
  ["the state of a number", ["K\u0001}b."], /state of something that is not a dict/],
  ["a state alone", ["}b."], /empty stack/],
  ["a long of nine bytes", [`\u008a\u0009${"\0".repeat(9)}.`], /a number of 9 bytes/],
  ["a long of 2^53", ["\u008a\u0007\0\0\0\0\0\0\u0020."], /the number 9007199254740992/],
  ["a module's name of 256 bytes", [line(256)], /a name that is too long/],
  ["a name without its line feed", ["ca\nb"], /a name that is too long/],
  ["a global that is not allowed", ["ca\nc\n."], /requests a\.c/],
  ["a module that is not allowed", [line(255)], /requests m{255}\.n/],
  ["a text past the end", ["X\u0002\0\0\0a"], /is cut off/],
  ["no STOP", ["N"], /is cut off/],
  ["nothing before STOP", ["."], /empty stack/],
];

for (const [what, parts, message] of refused) {
  test(`a pickle with ${what} is refused`, () => {
    assert.throws(() => read(...parts), message);
  });
}

test("a pickle has at most 2,000,000 operations", () => {
  const operations = (count: number): string => `${"N".repeat(count - 1)}.`;
  assert.deepEqual(read(operations(2_000_000)), none);
  assert.throws(() => read(operations(2_000_001)), /more than 2000000 operations/);
});
