import type { CheckpointedReader } from "../states/checkpointedReader.js";
import type { CheckpointStore } from "../states/checkpointStore.js";
import type { CancellationToken } from "../../shared/cancellation.js";
import type { DocumentSession, PromptStage } from "./documentSession.js";
import type { PreparedRequest } from "./preparedRequest.js";

/** Where to keep the states after the stages of a prompt, for later requests on the line. */
export interface StageCheckpoints {
  readonly session: DocumentSession;
  readonly store: CheckpointStore;
}

/**
 * Restores the plan's state and reads the rest of the prompt.
 * @param checkpoints if absent, everything is read at once and nothing is kept.
 * @returns the logits that decoding starts with.
 */
export async function readPrompt(
  reader: CheckpointedReader,
  prepared: PreparedRequest,
  cancellation: CancellationToken,
  checkpoints?: StageCheckpoints,
): Promise<Float32Array> {
  const { plan, prompt } = prepared;
  reader.restore(plan.from, plan.state);
  const stages = [...plan.base, ...plan.suffix, ...plan.tail];
  let logits = plan.logits;
  if (checkpoints !== undefined && stages.length > 0) {
    logits = await readStages(reader, prepared, checkpoints, cancellation);
  }
  const left = checkpoints === undefined ? [...stages, ...prompt.linePrefix] : prompt.linePrefix;
  if (left.length > 0) logits = await reader.read(left, { want: "last", cancellation });
  if (logits === undefined) throw new Error("a prompt of no tokens");
  return logits;
}

/**
 * Reads up to the line prefix, with a checkpoint after each stage. @returns the logits after the last stage, if kept.
 */
async function readStages(
  reader: CheckpointedReader,
  { plan: { base, suffix, tail, savePolicy }, prompt }: PreparedRequest,
  { session, store }: StageCheckpoints,
  cancellation: CancellationToken,
): Promise<Float32Array | undefined> {
  // After a suffix, logits are kept even if the line has text: otherwise deleting that text would read the window
  // again.
  const wantsLogits = prompt.linePrefix.length === 0 || prompt.suffix.length > 0;
  const want = (tokensLeft: number): "last" | "none" => (wantsLogits && tokensLeft === 0 ? "last" : "none");
  const keep = (stage: PromptStage): void => {
    const checkpoint = reader.save();
    session.keepStage(stage, reader.prefix, store);
    const isBase = stage === "base" || suffix.length + tail.length === 0;
    // The checkpoint after the base may also be recorded at its offset in the document. Requests can then start from it
    // even after an edit above that offset, or after a restart.
    if (!isBase || checkpoint === undefined) return;
    const { tokenCount, state, prefix } = checkpoint;
    if (savePolicy?.shouldSave(tokenCount, state.data.byteLength, prefix.isRounded) === true)
      savePolicy.onSaved(checkpoint);
  };
  let logits = await reader.read(base, {
    want: want(suffix.length + tail.length),
    cancellation,
    ...(savePolicy && { savePolicy }),
  });
  if (base.length > 0 && suffix.length + tail.length > 0) keep("base");
  if (suffix.length > 0) {
    logits = await reader.read(suffix, { want: want(tail.length), cancellation });
    keep("suffix");
  }
  if (tail.length > 0) logits = await reader.read(tail, { want: want(0), cancellation });
  keep("line");
  // The reader's next run overwrites these logits.
  session.logits = wantsLogits ? { key: reader.prefix.key, logits: logits.slice() } : undefined;
  return session.logits?.logits;
}
