import type { InferenceSession } from "onnxruntime-node";
import type { ModelGraph } from "./modelGraph.js";
import type { OrtModule } from "./onnxruntime.js";

/** Creates an engine session with all optimizations. Operators run one after the other, each with `threads` threads. */
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
        // Spinning speeds up several threads that wait for one another, but takes processor time from the editor.
        intra_op: { allow_spinning: threads > 1 ? "1" : "0" },
      },
    },
  });
}
