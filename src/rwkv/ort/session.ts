import type * as Ort from "onnxruntime-node";
import { ModelError } from "../modelError.js";
import type { ModelGraph } from "./modelGraph.js";

export type OrtModule = typeof Ort;

/** Loads onnxruntime. @throws ModelError where it has no binary for this platform. */
export async function loadOnnxruntime(): Promise<OrtModule> {
  try {
    return await import("onnxruntime-node");
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    const platform = `${process.platform}-${process.arch}`;
    throw new ModelError(
      `onnxruntime for ${platform}`,
      `cannot be loaded (${reason}); install the extension built for ${platform}`,
    );
  }
}

/** One session for a graph: all optimisations, sequential, `threads` within an operator. */
export async function createSession(ort: OrtModule, graph: ModelGraph, threads: number): Promise<Ort.InferenceSession> {
  return ort.InferenceSession.create(graph.bytes, {
    graphOptimizationLevel: "all",
    executionMode: "sequential",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: {
      session: {
        model_external_initializers_file_folder_path: graph.folder,
        // A waiting thread that spins takes a core from the editor.
        intra_op: { allow_spinning: threads > 1 ? "1" : "0" },
      },
    },
  });
}
