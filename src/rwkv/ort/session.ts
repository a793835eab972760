import type { InferenceSession } from "onnxruntime-node";
import type { ModelGraph } from "./modelGraph.js";
import type { OrtModule } from "./onnxruntime.js";

/** One session for a graph: all optimisations, sequential, `threads` within an operator. */
export async function createSession(ort: OrtModule, graph: ModelGraph, threads: number): Promise<InferenceSession> {
  return ort.InferenceSession.create(graph.bytes, {
    graphOptimizationLevel: "all",
    executionMode: "sequential",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: {
      session: {
        ...(graph.folder === undefined ? {} : { model_external_initializers_file_folder_path: graph.folder }),
        // A waiting thread that spins takes a core from the editor.
        intra_op: { allow_spinning: threads > 1 ? "1" : "0" },
      },
    },
  });
}
