import assert from "node:assert/strict";
import test from "node:test";
import { isPacked, type TokenId } from "../../src/core/model.js";
import type { Checkpoint } from "../../src/core/states/checkpoint.js";
import { CheckpointStore, type PlacedCheckpoints } from "../../src/core/states/checkpointStore.js";
import { emptyBlockHash, TokenPrefix } from "../../src/core/tokens/tokenPrefix.js";

const prefixOf = (token: number): TokenPrefix => new TokenPrefix(emptyBlockHash("m"), 0, [token as TokenId]);
const state = () => ({ data: new Float32Array(1024) });

for (const [what, prefix] of [
  ["an exact", prefixOf(1)],
  ["a rounded", prefixOf(1).rounded()],
] as const) {
  test(`${what} state that is packed for another one stays in its place`, () => {
    const store = new CheckpointStore(6000);
    const saved = store.save(prefix, state())!;
    let placed: Checkpoint | undefined = saved;
    const document: PlacedCheckpoints = {
      cheapest: () => ({ checkpoint: saved, loss: 0, pack: () => ({ data: new Uint8Array(256) }) }),
      packed: (checkpoint, packed) => {
        assert.equal(checkpoint, placed);
        placed = packed;
        store.place(packed);
      },
      evicted: (checkpoint) => {
        if (checkpoint === placed) placed = undefined;
      },
    };
    store.addDocument(document);
    store.place(saved);
    store.save(prefixOf(2), state());
    store.checkInvariants();
    const kept = store.find(prefix.rounded().key);
    assert.equal(kept, placed);
    assert.ok(isPacked(kept.state));
    assert.deepEqual([store.packedCount, store.count], [1, 2]);
  });
}
