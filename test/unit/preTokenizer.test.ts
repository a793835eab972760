import assert from "node:assert/strict";
import test from "node:test";
import { PreTokenizer, pretokenLookAheadBytes } from "../../src/rwkv/tokenizers/preTokenizer.js";
import { randomFrom } from "../support/random.js";
import { randomText } from "../support/randomText.js";

/** GPT-2's pattern, with Unicode's definition of whitespace. */
const pattern =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/**
 * The pretokens by their definition: first, runs of spaces are split off; then the pattern splits the text between
 * them.
 */
function expectedPretokens(text: string, maxSpaceRun: number): string[] {
  const runs = maxSpaceRun === 0 ? /(?!)/ : new RegExp(`( {2,${maxSpaceRun}})`);
  return text.split(runs).flatMap((part, i) => (i % 2 === 1 ? [part] : (part.match(pattern) ?? [])));
}

function pretokensOf(preTokens: PreTokenizer, bytes: Buffer): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const { end } = preTokens.at(bytes, at, bytes.length);
    pieces.push(bytes.toString("utf8", at, end));
    at = end;
  }
  return pieces;
}

for (const maxSpaceRun of [24, 6, 0]) {
  test(`text is split as the regular expression does it, after runs of up to ${maxSpaceRun} spaces`, () => {
    const random = randomFrom(maxSpaceRun + 1);
    const preTokens = new PreTokenizer(maxSpaceRun);
    for (let i = 0; i < 4000; i++) {
      const text = randomText(random, 12);
      assert.deepEqual(
        pretokensOf(preTokens, Buffer.from(text)),
        expectedPretokens(text, maxSpaceRun),
        JSON.stringify(text),
      );
    }
  });

  test(`a pretoken that is not open is the same whatever follows (runs of ${maxSpaceRun})`, () => {
    const random = randomFrom(maxSpaceRun + 2);
    const preTokens = new PreTokenizer(maxSpaceRun);
    for (let i = 0; i < 4000; i++) {
      const before = Buffer.from(randomText(random, 4));
      const end = Math.max(0, before.length - random.below(4)); // possibly within a character
      const other = Buffer.concat([before.subarray(0, end), Buffer.from(randomText(random, 4))]);
      for (let at = 0; at < end;) {
        const piece = preTokens.at(before, at, end);
        const what = JSON.stringify([before.toString(), end, at, other.toString()]);
        if (!piece.isOpen) assert.equal(preTokens.at(other, at, other.length).end, piece.end, what);
        // So much text follows this pretoken that no text after `end` can change it.
        if (piece.end + pretokenLookAheadBytes <= end) assert.equal(piece.isOpen, false, what);
        at = piece.end;
      }
    }
  });
}

test("an endless word is cut between characters", () => {
  const preTokens = new PreTokenizer(24);
  for (const character of ["a", "中", "\t", "-", "7", "\u3000"]) {
    const pieces = pretokensOf(preTokens, Buffer.from(character.repeat(3000)));
    assert.equal(pieces.join(""), character.repeat(3000));
    for (const piece of pieces.slice(0, -1)) {
      const length = Buffer.byteLength(piece);
      assert.ok(length >= 512 - 3 && length < 512 + 4, `${length}`);
    }
  }
});

test("invalid UTF-8 bytes are pretokens as well", () => {
  const random = randomFrom(3);
  const preTokens = new PreTokenizer(24);
  for (let i = 0; i < 2000; i++) {
    const bytes = Buffer.from(
      Array.from({ length: random.below(40) }, () => random.pick([32, 97, 0xe4, 0xb8, 0x80, 0xf5])),
    );
    let at = 0;
    while (at < bytes.length) {
      const { end } = preTokens.at(bytes, at, bytes.length);
      assert.ok(end > at && end <= bytes.length);
      at = end;
    }
  }
});
