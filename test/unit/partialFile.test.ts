import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { PartialFile, type PartRecord } from "../../src/hub/partialFile.js";
import { inTemporaryFolder } from "../support/temporary.js";

const record: PartRecord = { bytes: 7, sha256: "ab", url: "https://h/a", etag: '"e"' };
const unknown = { bytes: undefined, sha256: undefined, etag: undefined };

function withPart(title: string, run: (part: PartialFile, folder: string) => Promise<void>): void {
  test(title, () => inTemporaryFolder((folder) => run(new PartialFile(path.join(folder, "a")), folder)));
}

withPart("a part begins empty, with its record, in place of an older part", async (part, folder) => {
  assert.deepEqual([await part.record(), await part.bytes()], [undefined, 0]);
  writeFileSync(part.path, "old");
  await part.begin(record);
  assert.deepEqual([await part.record(), await part.bytes()], [record, 0]);
  assert.deepEqual(readdirSync(folder).sort(), ["a.part", "a.part.json"]);
  writeFileSync(part.path, "12345");
  assert.equal(await part.bytes(), 5);
});

withPart("a finished part is the file, without a record", async (part, folder) => {
  await part.begin(record);
  writeFileSync(part.path, "all");
  await part.finish();
  assert.deepEqual([readdirSync(folder), readFileSync(path.join(folder, "a"), "utf8")], [["a"], "all"]);
});

withPart("nothing is left of a discarded part, nor of one that never began", async (part, folder) => {
  await part.discard();
  await part.begin(record);
  writeFileSync(`${part.path}.json.new`, "");
  await part.discard();
  assert.deepEqual(readdirSync(folder), []);
});

const records: readonly (readonly [string, string | undefined, unknown])[] = [
  ["no record", undefined, undefined],
  ["text that is not JSON", "{", undefined],
  ["null", "null", undefined],
  ["no address", JSON.stringify({ bytes: 7 }), undefined],
  ["an address that is a number", JSON.stringify({ url: 5 }), undefined],
  ["an address alone", JSON.stringify({ url: "u" }), { url: "u", ...unknown }],
  ["other fields of wrong types", JSON.stringify({ url: "u", bytes: "7", sha256: 5, etag: null }), { url: "u", ...unknown }],
  ["all fields", JSON.stringify(record), record],
]; // prettier-ignore

for (const [what, text, expected] of records) {
  withPart(`a part with ${what} has ${expected === undefined ? "no valid record" : "a record"}`, async (part) => {
    writeFileSync(part.path, "x");
    if (text !== undefined) writeFileSync(`${part.path}.json`, text);
    assert.deepEqual(await part.record(), expected);
  });
}

withPart("a record without its part counts for nothing", async (part) => {
  writeFileSync(`${part.path}.json`, JSON.stringify(record));
  assert.equal(await part.record(), undefined);
});
