import assert from "node:assert/strict";
import test from "node:test";
import { repeatsItself, repeatsUntrained } from "../../src/core/chat/repetition.js";
import { randomFrom } from "../support/random.js";

const prose = (): boolean => false;
const code = (): boolean => true;

/** A text of `units` random letters, so no part of it is repeated. */
function varied(units: number): string {
  const random = randomFrom(units);
  return Array.from({ length: units }, () => String.fromCharCode(97 + random.below(26))).join("");
}

/** How often a text of `units` letters can be repeated before it counts as a loop; Infinity if it never does. */
function allowed(units: number, isLoop: (text: string) => boolean): number {
  const text = varied(units);
  for (let count = 1; count <= 300; count++) if (isLoop(`before it ${text.repeat(count)}`)) return count - 1;
  return Infinity;
}

test("in prose, a loop has at least eight repeats and 800 characters, of parts of 16 to 240", () => {
  const inProse = (text: string): boolean => repeatsItself(text, prose);
  assert.deepEqual(
    [16, 50, 100, 101, 240, 241].map((units) => allowed(units, inProse)),
    [49, 15, 7, 7, 7, Infinity],
  );
});

test("in code, a loop has at least 40 repeats and 3,000 characters", () => {
  const inCode = (text: string): boolean => repeatsItself(text, code);
  assert.deepEqual(
    [16, 50, 75, 76, 240].map((units) => allowed(units, inCode)),
    [187, 59, 39, 39, 39],
  );
});

test("a model that was not trained to chat is in a loop after five repeats and 40 characters", () => {
  assert.deepEqual(
    [2, 3, 5, 8, 9, 240, 241].map((units) => allowed(units, repeatsUntrained)),
    [Infinity, 13, 7, 4, 4, 4, Infinity],
  );
});

test("whether it is code is asked only about text that repeats itself", () => {
  let asked = 0;
  const ask = (): boolean => (asked++, false);
  repeatsItself(varied(2000), ask);
  assert.equal(asked, 0);
  repeatsItself(varied(50).repeat(30), ask);
  assert.equal(asked, 1);
});

test("rulers of one or two characters are no loop", () => {
  for (const ruler of ["-", "=-"]) {
    assert.equal(repeatsItself(ruler.repeat(3000), prose), false);
    assert.equal(repeatsUntrained(ruler.repeat(3000)), false);
  }
});
