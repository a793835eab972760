import assert from "node:assert/strict";
import test from "node:test";
import { archivedPrefix, archivedStateOf } from "../../src/core/states/archivedState.js";
import { state, textOf } from "../support/placedStates.js";

const text = textOf(400);

test("an archived state fits a place only if the text before it has the same tokens and the keys agree", () => {
  const prefix = text.prefixAt(70);
  const archived = archivedStateOf({ prefix, state: state() });
  assert.deepEqual([archived.blocks, archived.remainderTokens], [1, 6]);
  const prefixAt = (offset: number, stateKey = prefix.digest) =>
    archivedPrefix(text, { offset, textKey: "", stateKey }, archived)?.key;
  assert.deepEqual([prefixAt(70), prefixAt(71), prefixAt(3)], [prefix.key, undefined, undefined]);
  assert.equal(prefixAt(70, "other"), undefined);
  const packed = archivedStateOf({ prefix: prefix.rounded(), state: { data: new Uint8Array(8) } });
  const place = { offset: 70, textKey: "", stateKey: prefix.rounded().digest };
  assert.equal(archivedPrefix(text, place, packed)?.isRounded, true);
});

test("an archived state of a short text has read all of it", () => {
  const prefix = text.prefixAt(6);
  const place = { offset: 6, textKey: "", stateKey: prefix.digest };
  assert.equal(archivedPrefix(text, place, archivedStateOf({ prefix, state: state() }))?.key, prefix.key);
});
