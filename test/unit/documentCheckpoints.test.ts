import assert from "node:assert/strict";
import test from "node:test";
import { DocumentCheckpoints } from "../../src/core/checkpoints/documentCheckpoints.js";
import { denseTokens, isOnGrid, type SpacingZone } from "../../src/core/checkpoints/spacing.js";
import { CheckpointStore } from "../../src/core/checkpoints/store.js";
import { emptyBlockHash } from "../../src/core/document/tokenChain.js";
import { TokenizedText } from "../../src/core/document/tokenizedText.js";
import { starterTokenizer } from "../support/tokenizer.js";

const text = new TokenizedText(starterTokenizer, emptyBlockHash("m"), []);
text.replace(0, 0, Buffer.from("const value = compute(1, 2, 3);\n".repeat(1500)));
const maxBlocks = Math.floor(text.tokenCount / 64);

/** Saves what is worth saving of the whole text, from its start to its end. */
function readAll(store: CheckpointStore, checkpoints: DocumentCheckpoints): void {
  for (let block = 1; block <= maxBlocks; block++) {
    if (!checkpoints.isWorthSaving(block * 64)) continue;
    store.save(text.chainAt(block * 64), { data: new Float32Array(4) });
    checkpoints.saved(text.chainAt(block * 64));
  }
}

/** Token counts of the checkpoints that the store holds. */
function kept(store: CheckpointStore): number[] {
  const counts = Array.from({ length: maxBlocks }, (_, i) => (i + 1) * 64);
  return counts.filter((count) => store.has(text.chainAt(count)));
}

test("when the cursor has moved, checkpoints that are too dense now are deleted from the store", () => {
  const store = new CheckpointStore(2 ** 24);
  let zone: SpacingZone = { cursor: 0, tokenCount: text.tokenCount, states: 24 };
  const checkpoints = new DocumentCheckpoints(store, () => zone);
  readAll(store, checkpoints);
  const before = kept(store);
  const dense = denseTokens(zone);
  const nearStart = (counts: number[]): number => counts.filter((count) => count <= dense).length;
  assert.equal(nearStart(before), dense / 64, "every block where the cursor is");

  zone = { ...zone, cursor: text.tokenCount };
  readAll(store, checkpoints);
  const after = kept(store);
  assert.deepEqual(
    after.filter((count) => !isOnGrid(count, zone)),
    [],
    "only what is on the new grid is left",
  );
  assert.ok(nearStart(after) < nearStart(before), `${nearStart(after)} of ${nearStart(before)} where the cursor was`);
  assert.equal(checkpoints.count, after.length);
  store.checkInvariants();
});

test("no document counts more checkpoints than it may keep", () => {
  const store = new CheckpointStore(2 ** 24);
  const checkpoints = new DocumentCheckpoints(store, () => ({ cursor: 0, tokenCount: text.tokenCount, states: 12 }));
  readAll(store, checkpoints);
  assert.ok(checkpoints.count <= 12, `${checkpoints.count}`);
});
