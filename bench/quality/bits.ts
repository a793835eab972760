import { tokenize } from "../../src/core/tokens/healing.js";
import { distributionOf } from "../../src/core/decoding/distribution.js";
import { type Model, type TokenId } from "../../src/core/model.js";
import { normalizedBytes } from "../../src/core/tokens/normalize.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import type { Source } from "./sources.js";

/** The bits that the model needs to encode some tokens, and the number of bytes in these tokens. */
export interface Tally {
  bits: number;
  bytes: number;
}

/** The tokens of a file and of the header before it. */
export function tokensOf({ tokenizer, prompt }: Model, { headerPath, text: content }: Source): TokenId[] {
  const text = `${headerPath}\n${content}`;
  const bytes = normalizedBytes(text, tokenizer.sentinelBytes);
  const tokens = tokenize(tokenizer, bytes, 0, bytes.length);
  return prompt.header === undefined ? tokens : [prompt.header, ...tokens];
}

/**
 * Reads tokens with the model. Each token's bits and bytes, except the first token's, are added to the tally that
 * `tallyOf` returns for it.
 * @param tallyOf is passed a position in `tokens`; returns undefined if the token does not count.
 */
export async function measure(
  model: Model,
  tokens: readonly TokenId[],
  tallyOf: (position: number) => Tally | undefined,
): Promise<void> {
  const { tokenizer, chunkTokens } = model;
  const reader = model.open();
  for (let at = 0; at + 1 < tokens.length; at += chunkTokens) {
    const chunk = tokens.slice(at, at + chunkTokens);
    const rows = await reader.feed(chunk, "all", neverCancelled);
    chunk.forEach((_, i) => {
      const next = tokens[at + i + 1];
      const tally = tallyOf(at + i + 1);
      if (next === undefined || tally === undefined) return;
      const logits = rows.subarray(i * tokenizer.vocabularySize, (i + 1) * tokenizer.vocabularySize);
      tally.bits += (distributionOf(logits, undefined).logSum - (logits[next] ?? 0)) / Math.LN2;
      tally.bytes += tokenizer.bytesOf(next).length;
    });
  }
  reader.dispose();
}
