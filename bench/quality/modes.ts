import { expertCount } from "../../src/core/decoding/ngramPrediction.js";
import type { Calibration } from "../../src/core/calibration.js";
import type { Model, Reader, State } from "../../src/core/model.js";

/** The source of the completions: the model, the document's n-grams ("cache"), or both. */
export type Mode = "model" | "cache" | "both";

export const modes: readonly Mode[] = ["model", "cache", "both"];

/** Changes a model so that its completions come only from the mode's source. */
export function inMode(model: Model, mode: Mode): Model {
  switch (mode) {
    case "both":
      return model;
    case "model":
      return model.calibration === undefined
        ? model
        : { ...model, calibration: withScore(model.calibration, -certain) };
    case "cache":
      return {
        ...model,
        calibration: withScore(model.calibration ?? plain, certain),
        open: () => silentReader(model),
      };
  }
}

/** With this score, the n-grams always outweigh the model; with the negative of it, they never do. */
const certain = 100;

const plainScores = { longest: [0], entropy: [0], agreement: [0], model: [0], places: [0] };
const plain: Calibration = {
  mixture: { bounds: plainScores, experts: Array.from({ length: expertCount }, () => plainScores) },
  correctness: { bias: 0, coefficients: { sum: 1 } },
};

/** Adds a number to the score of each expert. */
function withScore(calibration: Calibration, score: number): Calibration {
  const { bounds, experts } = calibration.mixture;
  const raised = experts.map((scores) => ({ ...scores, longest: scores.longest.map((one) => one + score) }));
  return { ...calibration, mixture: { bounds, experts: raised } };
}

/** A reader that always predicts the document's end: without an n-gram prediction, there is no completion. */
function silentReader({ tokenizer, prompt, stateBytes }: Model): Reader {
  const logits = new Float32Array(tokenizer.vocabularySize);
  logits[prompt.endOfDocument ?? 0] = 30;
  const state: State = { data: new Float32Array(stateBytes / 4) };
  return {
    feed: () => Promise.resolve(logits),
    save: () => state,
    restore: () => undefined,
    distanceTo: () => 0,
    dispose: () => undefined,
  };
}
