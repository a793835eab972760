import assert from "node:assert/strict";
import test from "node:test";
import type { Filter } from "../../src/core/filters/filter.js";
import { pointIn } from "./testInference.js";

/**
 * A claim, a document with ║ at the cursor, a text to insert, what the filter leaves of that text, and the file's path.
 */
export type FilterRow = readonly [
  claim: string,
  document: string,
  text: string,
  left: string | undefined,
  path?: string,
];

export function testFilter(name: string, filter: Filter, rows: readonly FilterRow[]): void {
  for (const [claim, document, text, left, path] of rows) {
    test(`${name}: ${claim}`, () => {
      assert.equal(filter({ text, replaced: 0 }, pointIn(document, path))?.text, left);
    });
  }
}
