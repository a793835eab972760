import type { Calibration } from "../../src/core/calibration.js";
import type { Model, Reader, State } from "../../src/core/model.js";

/** What an answer is made from. */
export type Mode = "model" | "cache" | "both";

export const modes: readonly Mode[] = ["model", "cache", "both"];

/** The model as one mode sees it. */
export function inMode(model: Model, mode: Mode): Model {
  switch (mode) {
    case "both":
      return model;
    case "model":
      return model.calibration === undefined ? model : { ...model, calibration: withWeight(model.calibration, 0) };
    case "cache":
      return { ...model, calibration: withWeight(model.calibration ?? plain, 1), open: () => silentReader(model) };
  }
}

const plain: Calibration = {
  mixture: { lengths: [2], places: [1], entropies: [0], weights: [[[1]]] },
  correctness: { bias: 0, sum: 1, least: 0, length: 0 },
};

function withWeight(calibration: Calibration, weight: number): Calibration {
  const { mixture } = calibration;
  const weights = mixture.weights.map((rows) => rows.map((row) => row.map(() => weight)));
  return { ...calibration, mixture: { ...mixture, weights } };
}

/** Says nothing but the end: where the document has no guess there is no answer. */
function silentReader({ tokenizer, prompt, stateBytes }: Model): Reader {
  const logits = new Float32Array(tokenizer.vocabularySize);
  logits[prompt.endOfDocument ?? 0] = 30;
  const state: State = { data: new Float32Array(stateBytes / 4) };
  return {
    feed: () => Promise.resolve(logits),
    save: () => state,
    restore: () => undefined,
    dispose: () => undefined,
  };
}
