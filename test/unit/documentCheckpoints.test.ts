import assert from "node:assert/strict";
import test from "node:test";
import { DocumentCheckpoints } from "../../src/core/states/documentCheckpoints.js";
import { denseTokens, isOnGrid, type GridZone } from "../../src/core/states/checkpointGrid.js";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import { emptyBlockHash } from "../../src/core/tokens/tokenPrefix.js";
import { TokenizedText } from "../../src/core/tokens/tokenizedText.js";
import { starterTokenizer } from "../support/tokenizer.js";

const text = new TokenizedText(starterTokenizer, emptyBlockHash("m"), []);
text.replace(0, 0, Buffer.from("const value = compute(1, 2, 3);\n".repeat(1500)));
const maxBlocks = Math.floor(text.tokenCount / 64);

/** Saves what is worth saving of the whole text, from its start to its end. */
function readAll(store: CheckpointStore, checkpoints: DocumentCheckpoints): void {
  for (let block = 1; block <= maxBlocks; block++) {
    if (!checkpoints.shouldSave(block * 64)) continue;
    store.save(text.prefixAt(block * 64), { data: new Float32Array(4) });
    checkpoints.onSaved(text.prefixAt(block * 64));
  }
}

/** Token counts of the checkpoints that the store holds. */
function kept(store: CheckpointStore): number[] {
  const counts = Array.from({ length: maxBlocks }, (_, i) => (i + 1) * 64);
  return counts.filter((count) => store.has(text.prefixAt(count)));
}

test("when the cursor has moved, checkpoints that are too dense now are deleted from the store", () => {
  const store = new CheckpointStore(2 ** 24);
  let zone: GridZone = { cursorToken: 0, tokenCount: text.tokenCount, maxStates: 24 };
  const checkpoints = new DocumentCheckpoints(store, () => zone);
  readAll(store, checkpoints);
  const before = kept(store);
  const dense = denseTokens(zone);
  const nearStart = (counts: number[]): number => counts.filter((count) => count <= dense).length;
  assert.equal(nearStart(before), dense / 64, "every block where the cursor is");

  zone = { ...zone, cursorToken: text.tokenCount };
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
  const checkpoints = new DocumentCheckpoints(store, () => ({
    cursorToken: 0,
    tokenCount: text.tokenCount,
    maxStates: 12,
  }));
  readAll(store, checkpoints);
  assert.ok(checkpoints.count <= 12, `${checkpoints.count}`);
});
