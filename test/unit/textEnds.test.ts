import assert from "node:assert/strict";
import test from "node:test";
import { isTextEnd, TextEnds } from "../../src/core/decoding/textEnds.js";
import type { TokenId } from "../../src/core/model.js";

/** With these coefficients, expected correctness depends only on the number of tokens. */
const correctness = { bias: 0, coefficients: { sum: 1 } };

function follow(tokens: readonly string[], ends = new TextEnds(correctness)): TextEnds {
  let text = "";
  for (const token of tokens) {
    const units = text.length;
    text += token;
    ends.add({ token: 1 as TokenId, logProbability: -1 }, text, units);
  }
  return ends;
}

/** The inverse: the number of tokens for an expected correctness. */
const tokensOf = (chance: number): number => Math.round(Math.log(1 / chance - 1));

for (const [claim, tokens, finished, expected] of [
  ["a text may end between tokens", ["a", " b"], undefined, ["a 1"]],
  ["a text may not end in a word", ["a", " b", "c"], undefined, ["a 1"]],
  ["a line may end before a token", ["a", "\nb"], undefined, ["a 1 line"]],
  ["a line may end within a token", ["a", ";\nb"], undefined, ["a 1", "a; 2 line"]],
  ["a line may end within the first token", ["a\nb"], undefined, ["a 1 line"]],
  ["after a leading newline, there is one line", ["\n  a", " b"], undefined, ["\n  a 1"]],
  ["the line after a leading newline may end, too", ["\na\n"], undefined, ["\na 1 line"]],
  ["a finished text ends with its last token", ["a", " b"], 3, ["a 1", "a b 2 line"]],
  ["a finished text may end within its last token", ["a", " bc"], 3, ["a 1", "a b 2 line"]],
  ["a finished text may end within its only token", ["ab"], 1, ["a 1 line"]],
  ["a finished text may end before its last token", ["a", " b"], 1, ["a 1 line"]],
  ["a text that is finished at its start has no other end", ["a", " b"], 0, ["a 1"]],
  ["a text without tokens has no end", [], 3, []],
] as const) {
  test(`the possible ends of a text, each with its number of tokens: ${claim}`, () => {
    const text = tokens.join("");
    const ends = follow(tokens).finished(finished)!;
    const found = ends.map(({ units, chance, isLineEnd }) =>
      [text.slice(0, units), tokensOf(chance), ...(isLineEnd ? ["line"] : [])].join(" "),
    );
    assert.deepEqual(found, expected);
  });
}

test("the expected correctness is that of all tokens so far", () => {
  assert.equal(tokensOf(follow(["a", " b", " c"]).chance!), 3);
  assert.equal(follow([]).chance, undefined);
});

/** The percentages of tokens `a`, ` b` and a newline: of the whole text so far, then of `a`, then of `a b`. */
function percentages(lineEnd: number): (number | undefined)[] {
  const ends = follow(["a", " b", "\n"], new TextEnds({ bias: 0, coefficients: { lineEnd } }));
  return [ends.chance, ...ends.finished(3)!.map(({ chance }) => chance)].map((one) => Math.round(one! * 100));
}

test("a whole line that is likelier to be right than its start makes the start as likely", () => {
  assert.deepEqual(percentages(1), [73, 73, 73]);
});

test("a text's expected correctness is the higher one of those within a line and at its end", () => {
  assert.deepEqual(percentages(-1), [50, 50, 27]);
});

test("a later line makes an earlier one no likelier and is at most as likely", () => {
  const correctness = { bias: 0, coefficients: { lineEnd: -1, lines: 2 } };
  const ends = follow(["a", "\nb", "\n"], new TextEnds(correctness)).finished(3)!;
  assert.deepEqual(
    ends.map(({ chance }) => Math.round(chance * 100)),
    [27, 27],
  );
});

test("without a calibration nothing is estimated", () => {
  const ends = follow(["a", " b"], new TextEnds(undefined));
  assert.deepEqual([ends.chance, ends.finished(3), ends.finished(undefined)], [undefined, undefined, undefined]);
});

for (const [text, units, expected] of [
  [" a", 0, false],
  ["(a", 1, true],
  ["((a", 2, true],
  ["a", 1, false],
  ["a b", 4, false],
  ["ab", 1, false],
  ["a_", 1, false],
  ["a\nb c", 3, false],
  ["ab\nc d", 4, false],
  ["ab\nc d\n", 6, true],
] as const) {
  test(`${JSON.stringify(text)} may ${expected ? "" : "not "}end after ${units}`, () => {
    assert.equal(isTextEnd(text, units), expected);
  });
}
