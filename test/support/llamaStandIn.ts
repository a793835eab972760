import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Writes a stand-in for the package node-llama-cpp, for tests of the benchmarks. It checks only that a model file
 * begins with "GGUF", and returns the same logits after every token.
 */
export function writeLlamaStandIn(folder: string): void {
  mkdirSync(path.join(folder, "dist"), { recursive: true });
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "node-llama-cpp", type: "module" }));
  writeFileSync(path.join(folder, "dist/index.js"), source);
}

const source = `
import { readFileSync } from "node:fs";

const logits = new Map(Array.from({ length: 1024 }, (_, token) => [token, token / 1024]));
const sequence = {
  nextTokenIndex: 0,
  tokenMeter: { usedInputTokens: 0 },
  adaptStateToTokens: async () => undefined,
  takeCheckpoint: async () => undefined,
  clearHistory: async () => undefined,
  evaluateWithoutGeneratingNewTokens: async () => undefined,
  evaluate: async function* () {
    for (;;) yield 1;
  },
  controlledEvaluate: async (input) => input.map(() => ({ next: { logits } })),
};
const dispose = async () => undefined;

async function loadModel({ modelPath }) {
  if (readFileSync(modelPath).toString("latin1", 0, 4) !== "GGUF") throw new Error(modelPath + " is no GGUF file");
  return { createContext: async () => ({ getSequence: () => sequence, dispose }), dispose };
}

export const getLlama = async () => ({ loadModel, dispose });
`;
