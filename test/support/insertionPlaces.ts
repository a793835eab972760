import assert from "node:assert/strict";
import test from "node:test";
import { documentAfter, type Surface } from "./scriptedModel.js";

/**
 * How the text is inserted, the file, the document with ¦ at the cursor, what the model writes, and the document
 * afterwards; null if it stays as it is.
 */
export type Place = readonly [surface: Surface, path: string, document: string, writes: string, after: string | null];

/** Declares a test for each place. */
export function testPlaces(kind: string, places: readonly Place[]): void {
  for (const [surface, path, document, writes, after] of places) {
    test(`${kind}: ${JSON.stringify(writes)} in ${JSON.stringify(document)}, ${surface}`, async () => {
      const expected = after ?? document.replace("¦", "");
      assert.equal(await documentAfter(surface, { path, document, writes }), expected);
    });
  }
}
