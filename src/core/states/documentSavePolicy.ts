import type { TokenizedText } from "../tokens/tokenizedText.js";
import type { SavePolicy } from "./checkpointedReader.js";
import type { DocumentCheckpoints } from "./documentCheckpoints.js";

/**
 * A policy that saves and places states while a document is read from an exact or converged state.
 * @param from the offset of that state, which has read `tokenCount` tokens.
 */
export function documentSavePolicy(
  checkpoints: DocumentCheckpoints,
  text: TokenizedText,
  from: number,
  tokenCount: number,
): SavePolicy {
  const { edits } = text;
  const { start } = checkpoints.stretches.before(from);
  const shift = from - tokenCount;
  return {
    shouldSave: (count, stateBytes, isRounded) =>
      text.edits === edits &&
      from <= checkpoints.stretches.startingAt(start).to &&
      checkpoints.shouldSave(count + shift, stateBytes, isRounded),
    onSaved: (checkpoint) => {
      const offset = checkpoint.tokenCount + shift;
      checkpoints.reached(offset, false, start);
      checkpoints.place(offset, checkpoint);
    },
  };
}
