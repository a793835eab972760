import type * as Ort from "onnxruntime-node";
import { EngineError } from "../engineProblems.js";

export type OrtModule = typeof Ort;

let loading: Promise<OrtModule> | undefined;

/** Loads onnxruntime, once for each process and without its telemetry. @throws EngineError if it cannot be loaded here. */
export function loadOnnxruntime(): Promise<OrtModule> {
  // On Linux and macOS onnxruntime reports to Microsoft unless this is set. It looks when its first session is created.
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

/** Creates onnxruntime's environment. The session itself fails, because no bytes are no model. */
async function createFirstSession(ort: OrtModule): Promise<void> {
  await ort.InferenceSession.create(new Uint8Array()).then(
    (session) => session.release(),
    () => undefined,
  );
}

/** Sets a variable while `run` is under way. Afterwards it is what it was, so that children inherit the user's own. */
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
