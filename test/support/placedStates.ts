import type { Checkpoint } from "../../src/core/states/checkpoint.js";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import { DocumentCheckpoints } from "../../src/core/states/documentCheckpoints.js";
import { emptyBlockHash } from "../../src/core/tokens/tokenPrefix.js";
import { TokenizedText } from "../../src/core/tokens/tokenizedText.js";
import { bytesTokenizer } from "../../src/rwkv/tokenizers/bytes.js";
import { randomFrom } from "./random.js";

export const likelihood = { cursorToken: 1e9, weight: 1 };
const random = randomFrom(1);
/** Random text, so that its parts differ. The bytes tokenizer makes each byte a token. */
export const content = Buffer.from(Array.from({ length: 10_000 }, () => 33 + random.below(90)));
export const state = () => ({ data: new Float32Array(4) });

export function textOf(length: number): TokenizedText {
  const text = new TokenizedText(bytesTokenizer([]), emptyBlockHash("m"), []);
  text.replace(0, 0, content.subarray(0, length));
  return text;
}

/** A text that was read, with states at `offsets`. The states at the offsets in `rounded` have a rounded prefix. */
export function opened(
  length: number,
  offsets: readonly number[],
  rounded: readonly number[] = [],
  store = new CheckpointStore(2 ** 20),
) {
  const text = textOf(length);
  const checkpoints = new DocumentCheckpoints(store, text, () => likelihood);
  const placed = offsets.map((offset): Checkpoint => {
    const prefix = text.prefixAt(offset);
    const saved = store.save(rounded.includes(offset) ? prefix.rounded() : prefix, state())!;
    checkpoints.reached(offset);
    checkpoints.place(offset, saved);
    return saved;
  });
  return { store, text, checkpoints, placed };
}
