import assert from "node:assert/strict";
import test from "node:test";
import type { Tokenizer } from "../../src/core/model.js";
import { vocabularyHash } from "../../src/workspace/vocabulary.js";

function hashOf(...entries: readonly string[]): string {
  const tokenizer = { vocabularySize: entries.length, bytesOf: (token: number) => Buffer.from(entries[token]!) };
  return vocabularyHash(tokenizer as unknown as Tokenizer); // has all members that are used
}

test("vocabularies have the same hash only if all of their entries are the same", () => {
  const known = ["a", "bc", "", "def"];
  const others = [
    ...known.map((_, i) => known.map((entry, k) => (k === i ? `${entry}x` : entry))),
    ["ab", "c", "", "def"],
    ["bc", "a", "", "def"],
    ["a", "bc", "def"],
    [...known, ""],
  ];
  const hashes = new Set([known, ...others].map((entries) => hashOf(...entries)));
  assert.equal(hashes.size, others.length + 1);
  assert.equal(hashOf(...known), hashOf(...known));
  assert.notEqual(hashOf("a\0\0\0\0", "b"), hashOf("a", "\0\0\0\0b"));
  assert.match(hashOf(...known), /^[\da-f]{32}$/);
});
