import { type Model } from "../src/core/model.js";
import { Typist } from "./typing.js";
import { neverCancelled } from "../src/shared/cancellation.js";

/** Reads a text from a checkpoint and from its start. @returns the largest difference between their final logits. */
export async function logitsDifference(model: Model, text: string): Promise<number> {
  const typist = new Typist(model, text, "");
  await typist.readDocument();
  const { tokens } = typist.session.document;
  const near = typist.store.nearest(tokens, tokens.tokenCount - 1);
  if (near === undefined) throw new Error("no checkpoint was found");
  const resumed = model.open(near.state);
  const ours = (await resumed.feed(tokens.tokens(near.tokenCount, tokens.tokenCount), "last", neverCancelled)).slice();
  // Reads in other chunks than background reading did, because the logits must not depend on the chunks.
  const fresh = model.open();
  const all = tokens.tokens(0, tokens.tokenCount);
  let logits: Float32Array = new Float32Array();
  for (let at = 0; at < all.length; at += 60) logits = await fresh.feed(all.slice(at, at + 60), "last", neverCancelled);
  const difference = ours.reduce((max, value, i) => Math.max(max, Math.abs(value - (logits[i] ?? NaN))), 0);
  resumed.dispose();
  fresh.dispose();
  return difference;
}
