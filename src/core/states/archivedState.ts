import { isPacked } from "../model.js";
import type { TokenizedText } from "../tokens/tokenizedText.js";
import { blockTokens, TokenPrefix } from "../tokens/tokenPrefix.js";
import type { Checkpoint } from "./checkpoint.js";
import type { ArchivedPlace, ArchivedState } from "./stateArchive.js";

/**
 * Converts a checkpoint for the archive. The tokens that it has read are left out, because the archive contains no
 * text.
 */
export function archivedStateOf({ prefix, state }: Pick<Checkpoint, "prefix" | "state">): ArchivedState {
  const { hash, remainder, tokenCount } = prefix;
  return { hash, blocks: Math.floor(tokenCount / blockTokens), remainderTokens: remainder.length, state };
}

/**
 * The token prefix of an archived state. The prefix's last tokens are not archived, so they are taken from the text
 * before the place. Undefined if the state has read other tokens.
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
