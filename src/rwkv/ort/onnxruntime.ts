import type * as Ort from "onnxruntime-node";
import { EngineError } from "../engineProblems.js";

export type OrtModule = typeof Ort;

let loading: Promise<OrtModule> | undefined;

/** Loads onnxruntime once per process and disables its telemetry. @throws EngineError if it cannot be loaded. */
export function loadOnnxruntime(): Promise<OrtModule> {
  // On Linux and macOS, onnxruntime sends telemetry to Microsoft unless this is set when its first session is created.
  loading ??= withEnvironmentVariable("ORT_DISABLE_TELEMETRY", "1", async () => {
    const ort = await importOnnxruntime();
    await createFirstSession(ort);
    return ort;
  });
  return loading;
}

async function importOnnxruntime(): Promise<OrtModule> {
  try {
    return await import("onnxruntime-node");
  } catch (error) {
    throw new EngineError(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
  }
}

/** Makes onnxruntime create its environment. The session itself fails, because an empty file is not a model. */
async function createFirstSession(ort: OrtModule): Promise<void> {
  await ort.InferenceSession.create(new Uint8Array()).then(
    (session) => session.release(),
    () => undefined,
  );
}

/**
 * Sets an environment variable while `run` is executing. Afterwards the variable is restored, so child processes
 * inherit the original.
 */
export async function withEnvironmentVariable<T>(name: string, value: string, run: () => Promise<T>): Promise<T> {
  const before = process.env[name];
  process.env[name] = value;
  try {
    return await run();
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = before;
  }
}
