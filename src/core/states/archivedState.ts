import { isPacked } from "../model.js";
import type { TokenizedText } from "../tokens/tokenizedText.js";
import { blockTokens, TokenPrefix } from "../tokens/tokenPrefix.js";
import type { Checkpoint } from "./checkpointStore.js";
import type { ArchivedPlace, ArchivedState } from "./stateArchive.js";

/** A checkpoint without the tokens that it has read, because the text itself is not kept. */
export function archivedStateOf({ prefix, state }: Pick<Checkpoint, "prefix" | "state">): ArchivedState {
  const { hash, remainder, tokenCount } = prefix;
  return { hash, blocks: Math.floor(tokenCount / blockTokens), remainderTokens: remainder.length, state };
}

/**
 * The token prefix of an archived state, which ends with the text's tokens before the place; undefined if the state has
 * read other tokens.
 */
export function archivedPrefix(
  text: TokenizedText,
  { offset, stateKey }: ArchivedPlace,
  { hash, blocks, remainderTokens, state }: ArchivedState,
): TokenPrefix | undefined {
  const remainder = text.tokens(Math.max(0, offset - remainderTokens), offset);
  const prefix = new TokenPrefix(hash, blocks, remainder, isPacked(state));
  return prefix.digest === stateKey ? prefix : undefined;
}
