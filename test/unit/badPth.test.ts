import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import {
  emptyOrderedDict,
  global,
  int,
  op,
  pickle,
  pthFile,
  stateDict,
  tensor,
  tensorWithAttributes,
  text,
  torchEntries,
  torchZip,
  tuple,
} from "../support/pthFile.js";
import { randomFrom } from "../support/random.js";
import { testRefused, timeout } from "../support/refused.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { floats } from "../support/tensorFile.js";
import { zipFile, type WrittenEntry, type ZipOptions } from "../support/zipFile.js";

/** Opens a file with these bytes and reads all tensors. */
function readAll(folder: string, bytes: Uint8Array): void {
  const file = path.join(folder, "model.pth");
  writeFileSync(file, bytes);
  const source = openWeights(file);
  for (const name of source.names) source.readFloats(name);
}

function assertRefused(what: string, bytes: () => Uint8Array, message: RegExp): void {
  const read = (folder: string): void => {
    readAll(folder, bytes());
  };
  testRefused(`a .pth file with ${what} is refused`, read, message);
}

const six = floats([6], [0, 1, 2, 3, 4, 5]).bytes;
const view = { key: "0", elements: 6, shape: [6] };
const good = stateDict({ a: view });
const entries = torchEntries(good, [six]);

/** The valid archive with one entry changed. */
function withEntry(name: string, change: Partial<WrittenEntry>, options: ZipOptions = {}): Buffer {
  return zipFile(
    entries.map((entry) => (entry.name === name ? { ...entry, ...change } : entry)),
    options,
  );
}

/** The valid archive with another pickle. */
function withPickle(...parts: readonly Uint8Array[]): Buffer {
  return torchZip(pickle(...parts), [six]);
}

/** The valid archive with another value instead of its tensor. */
function withItem(value: Uint8Array): Buffer {
  return withPickle(op("}("), text("a"), value, op("u"));
}

function withView(change: Partial<Parameters<typeof tensor>[0]>): Buffer {
  return torchZip(stateDict({ a: { ...view, ...change } }), [six]);
}

const zips: readonly (readonly [string, () => Uint8Array, RegExp])[] = [
  ["only its first bytes", () => op("PK\u0003\u0004"), /ends without a zip directory; .*download it again/],
  ["zeros after its first bytes", () => op(`PK${"\0".repeat(200_000)}`), /ends without a zip directory/],
  ["the directory cut off", () => zipFile(entries).subarray(0, -30), /ends without a zip directory/],
  [
    "a compressed entry",
    () => withEntry("model/data/0", { method: 8 }),
    /model\/data\/0 is compressed; PyTorch does not do that/,
  ],
  ["an encrypted entry", () => withEntry("model/data/0", { flags: 1 }), /model\/data\/0 is encrypted/],
  [
    "an entry that reaches past the end",
    () => withEntry("model/data/0", { size: 2 ** 31 }),
    /data\/0 reaches past the end/,
  ],
  ["an entry of 2^60 bytes", () => withEntry("model/data/0", { size: 2 ** 60, isWide: true }), /the zip offset 1152/],
  ["an entry with two sizes", () => withEntry("model/data/0", { storedSize: 3 }), /model\/data\/0 has two sizes/],
  [
    "an entry with a wrong offset",
    () => withEntry("model/data/0", { headerOffset: 7 }),
    /not begin with a local header/,
  ],
  [
    "an entry that begins past the end",
    () => withEntry("model/data/0", { headerOffset: 2 ** 31 }),
    /reaches past the end/,
  ],
  ["an entry without its ZIP64 sizes", () => withEntry("model/data/0", { size: 0xffffffff }), /lacks its ZIP64 sizes/],
  ["the same entry twice", () => zipFile([...entries, ...entries]), /holds model\/data\.pkl twice/],
  ["more entries than it lists", () => zipFile(entries, { count: 9 }), /directory has 4 entries, not 9/],
  [
    "a directory past the end",
    () => zipFile(entries, { directoryOffset: 2 ** 31 }),
    /directory lies outside of the file/,
  ],
  ["an invalid directory", () => zipFile(entries, { directoryOffset: 0 }), /zip directory is cut off/],
  ["a directory that ends early", () => zipFile(entries, { directoryBytes: 100 }), /zip directory is cut off/],
  [
    "a ZIP64 directory of 2^62 bytes",
    () => zipFile(entries, { isWide: true, directoryBytes: 2 ** 62 }),
    /zip offset 4611/,
  ],
  ["no ZIP64 record", () => zipFile(entries, { count: 0xffff }), /its ZIP64 record is missing/],
  [
    "another archive's content",
    () => zipFile([{ name: "a.txt", bytes: six }]),
    /is a zip archive, but not one by PyTorch/,
  ],
  ["two pickles", () => zipFile([...entries, { name: "x/data.pkl", bytes: good }]), /archive with 2 pickles/],
  [
    "a byte order of many words",
    () => withEntry("model/byteorder", { bytes: op("word".repeat(9)) }),
    /its byte order is (word){4}, not little/,
  ],
  ["big-endian data", () => withEntry("model/byteorder", { bytes: op("big") }), /its byte order is big, not little/],
  [
    "a pickle of more than 16 MiB",
    () => withEntry("model/data.pkl", { bytes: Buffer.alloc(2 ** 24 + 1) }),
    /its pickle has 16777217 bytes, more than any model/,
  ],
  [
    "a pickle of 16 MiB that is none",
    () => withEntry("model/data.pkl", { bytes: Buffer.alloc(2 ** 24) }),
    /its pickle holds the opcode 0x0/,
  ],
  ["a missing storage", () => torchZip(good, []), /has no entry model\/data\/0/],
];

const pickles: readonly (readonly [string, () => Uint8Array, RegExp])[] = [
  [
    "os.system",
    () => withPickle(global("os", "system"), tuple(text("true")), op("R")),
    /requests os\.system, .*not trust/,
  ],
  ["eval", () => withPickle(global("builtins", "eval"), tuple(text("1")), op("R")), /requests builtins\.eval/],
  ["torch.load", () => withPickle(global("torch", "load")), /requests torch\.load/],
  ["a TorchScript class", () => withPickle(global("__torch__.m", "RWKV")), /requests __torch__\.m\.RWKV/],
  ["an endless global", () => withPickle(op(`c${"a".repeat(100_000)}`)), /contains a name that is too long/],
  ["an instance", () => withPickle(op("(cos\nsystem\no")), /requests os\.system/],
  ["INST", () => withPickle(op("(ios\nsystem\n")), /opcode 0x69, which weights files do not use/],
  ["NEWOBJ", () => withPickle(emptyOrderedDict, op(")\u0081")), /opcode 0x81/],
  ["STACK_GLOBAL", () => withPickle(text("os"), text("system"), op("\u0093")), /opcode 0x93/],
  ["an unknown opcode", () => withPickle(op("\u00ff")), /opcode 0xff/],
  ["another protocol", () => torchZip(op("\u0080\u0005N."), [six]), /protocol 5, not 2; save the weights again/],
  ["an empty pickle", () => torchZip(op(""), [six]), /its pickle is cut off/],
  ["a pickle cut off within a number", () => torchZip(op("\u0080\u0002J\u0001"), [six]), /its pickle is cut off/],
  ["a text longer than the pickle", () => withPickle(op("X\u00ff\u00ff\u00ff\u007fa")), /its pickle is cut off/],
  ["a text that is not UTF-8", () => withPickle(op("X\u0001\0\0\0\u00ff")), /a text that is not UTF-8/],
  ["a number of 255 bytes", () => withPickle(op(`\u008a\u00ff${"a".repeat(255)}`)), /a number of 255 bytes/],
  [
    "a number over 2^53",
    () => withPickle(op(`\u008a\u0008${"\u007f".repeat(8)}`)),
    /holds the number 9187201950435737471;/,
  ],
  ["an empty stack", () => torchZip(op("\u0080\u0002."), [six]), /pops from an empty stack/],
  ["a value popped from below a mark", () => withPickle(op("K\u0001(\u0085")), /pops from an empty stack/],
  ["a missing mark", () => withPickle(op("t")), /pops from an empty stack/],
  ["endless marks", () => withPickle(op("(".repeat(100_000))), /nested too deeply/],
  ["tuples within tuples", () => withPickle(op(`)${"\u0085".repeat(1_000_000)}`)), /does not hold a dict of tensors/],
  [
    "tuples that contain themselves twice",
    () => withPickle(op(`)${"q\0h\0\u0086".repeat(300_000)}`)),
    /does not hold a dict of tensors/,
  ],
  ["more operations than any model", () => withPickle(op("N".repeat(3_000_000))), /more than 2000000 operations/],
  ["a huge pickle", () => torchZip(Buffer.alloc(2 ** 24 + 1), [six]), /its pickle has 16777217 bytes/],
  ["a memo with huge indexes", () => withPickle(op("Nr\u00ff\u00ff\u00ff\u00ff")), /has the memo index 4294967295/],
  ["a missing memo entry", () => withPickle(op("h\u0007")), /refers to a missing value/],
  ["a list that contains itself", () => withPickle(op("]q\0h\0a")), /does not hold a dict of tensors/],
  ["items set on a list", () => withPickle(op("]K\u0001K\u0002s")), /sets items of something that is not a dict/],
  ["an odd number of items", () => withPickle(op("}(K\u0001u")), /sets items of something that is not a dict/],
  ["appending to a dict", () => withPickle(op("}K\u0001a")), /appends to something that is not a list/],
  ["a state for a tuple", () => withPickle(op(")}b")), /sets the state of something that is not a dict/],
  [
    "a call of something that is not a function",
    () => withPickle(op("K\u0001)R")),
    /calls something that is not a function/,
  ],
  [
    "an OrderedDict created from arguments",
    () => withPickle(global("collections", "OrderedDict"), op("]\u0085R")),
    /an OrderedDict from arguments/,
  ],
];

const states: readonly (readonly [string, () => Uint8Array, RegExp])[] = [
  [
    "a single tensor",
    () => withPickle(tensor(view)),
    /does not hold a dict of tensors; save the weights with torch\.save/,
  ],
  ["a tensor without a name", () => withPickle(op("}K\u0001"), tensor(view), op("s")), /a tensor without a name/],
  [
    "a number among the tensors",
    () => withPickle(op("}"), text("epoch"), int(3), op("s")),
    /its epoch is not a tensor, as in a train/,
  ],
  [
    "a training checkpoint",
    () => withPickle(op("}"), text("state_dict"), op("}"), text("a"), tensor(view), op("ss")),
    /is a training checkpoint with a dict "state_dict"; .*torch\.load\(FILE\)\["state_dict"\]/,
  ],
  [
    "a name twice",
    () => withPickle(op("}("), text("a"), tensor(view), text("a"), tensor(view), op("u")),
    /holds a twice/,
  ],
  [
    "a parameter of a parameter",
    () => withPickle(op("}"), text("a"), nested(), op("s")),
    /a parameter without a tensor/,
  ],
  ["doubles", () => withView({ storage: "DoubleStorage" }), /its a is a torch\.DoubleStorage; torch\.float32/],
  ["a storage of another kind", () => withView({ storage: "QInt8Storage" }), /requests torch\.QInt8Storage/],
  ["a storage key with a path", () => withView({ key: "../../x" }), /has no entry model\/data\/\.\.\/\.\.\/x/],
  ["a storage larger than its bytes", () => withView({ elements: 7 }), /a storage of 7 elements in 24 bytes/],
  ["a storage of 2^53 - 1 elements", () => withView({ elements: 2 ** 53 - 1 }), /has a storage of 9007199254740991/],
  ["a storage of negative size", () => withView({ elements: -6 }), /a storage without a size/],
  ["a tensor larger than its storage", () => withView({ shape: [7] }), /its a has more elements than its storage/],
  ["a tensor of 2^64 elements", () => withView({ shape: [2 ** 32, 2 ** 32] }), /more elements than its storage/],
  ["one element many times", () => withView({ shape: [2 ** 40], strides: [0] }), /more elements than its storage/],
  ["an offset past the end", () => withView({ shape: [2], offset: 5 }), /its a reaches past the end of its storage/],
  ["strides past the end", () => withView({ shape: [2, 2], strides: [2 ** 50, 1] }), /reaches past the end/],
  ["a negative stride", () => withView({ strides: [-1], offset: 5 }), /has an invalid offset, size or stride/],
  ["a negative offset", () => withView({ offset: -1 }), /has an invalid offset, size or stride/],
  ["fewer strides than dimensions", () => withView({ shape: [2, 3], strides: [1] }), /invalid offset, size or stride/],
  ["nine dimensions", () => withView({ shape: Array<number>(9).fill(1) }), /its a has 9 dimensions/],
  [
    "attributes of something that is not a tensor",
    () => withItem(tensorWithAttributes(view, op("N"), ["collections", "OrderedDict"])),
    /its a is created by collections\.OrderedDict, which does not create a tensor/,
  ],
  [
    "attributes that would run code",
    () => withItem(tensorWithAttributes(view, global("builtins", "eval"))),
    /requests builtins\.eval, which weights files do not need; it was not run, but do not trust this file/,
  ],
  [
    "attributes without a tensor",
    () => withItem(Buffer.concat([global("torch._tensor", "_rebuild_from_type_v2"), op(")R")])),
    /its a has attributes but no tensor/,
  ],
  [
    "a size that is not an integer",
    () => withItem(op(tensor(view).toString("latin1").replace("K\u0006", "G\u0040\u0019\0\0\0\0\0\0"))),
    /its a has a storage without a size/,
  ],
  ["NaN", () => pthFile({ a: floats([2], [1, NaN]) }), /a holds NaN or infinite values/],
  ["infinite values", () => pthFile({ a: floats([2], [1, -Infinity]) }), /a holds NaN or infinite values/],
];

function nested(): Buffer {
  const parameter = tuple(tensor({ ...view, isParameter: true }), op("\u0089"), emptyOrderedDict);
  return Buffer.concat([global("torch._utils", "_rebuild_parameter"), parameter, op("R")]);
}

for (const [what, bytes, message] of [...zips, ...pickles, ...states]) assertRefused(what, bytes, message);

const beforeZip = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
assertRefused(
  "PyTorch's format before 1.6",
  () => Uint8Array.from(beforeZip),
  /was written by PyTorch before 1\.6; load it with torch\.load/,
);

test("a file that is cut off or has a byte changed is read or rejected with a ModelError", { timeout }, () =>
  inTemporaryFolder((folder) => {
    const whole = pthFile({ a: floats([2, 3], [1, 2, 3, 4, 5, 6]), b: floats([4], [1, 2, 3, 4]) });
    const random = randomFrom(5);
    const spoilt = [
      ...Array.from({ length: Math.ceil(whole.length / 7) }, (_, i) => whole.subarray(0, 7 * i)),
      ...Array.from({ length: 1000 }, () => {
        const bytes = Buffer.from(whole);
        bytes[random.below(bytes.length)] = random.below(256);
        return bytes;
      }),
    ];
    let refused = 0;
    for (const bytes of spoilt) {
      try {
        readAll(folder, bytes);
      } catch (error) {
        assert.ok(error instanceof Error);
        assert.equal(error.name, "ModelError", error.stack);
        refused++;
      }
    }
    assert.ok(refused > whole.length / 7 - 1);
  }),
);
