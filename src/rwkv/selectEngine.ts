import type { Engine, EngineName } from "./engine.js";
import { EngineError, noEngine } from "./engineProblems.js";
import { keystrokeMs } from "./speedMeasurement.js";
import { ModelError } from "./modelError.js";
import { findAddon } from "./native/addon.js";
import { canRun, hasFastKernels, NativeEngine } from "./native/nativeEngine.js";
import { addonProblem } from "./native/addonCheck.js";
import { chooseEngine, type EngineChoice } from "./ort/chooseEngine.js";
import type { OrtEngine } from "./ort/ortEngine.js";
import { Cancelled } from "../shared/cancellation.js";

export interface SelectedEngine {
  readonly engine: Engine;
  /** Why the native engine with fast kernels is not used, although the settings allow it. */
  readonly note?: string;
}

/** The native engine, or the reason why it does not run here with fast kernels. */
type Native =
  | { readonly kind: "loaded"; readonly engine: NativeEngine }
  /** The processor supports only the engine's plain kernels. */
  | { readonly kind: "plain"; readonly reason: string }
  | { readonly kind: "none"; readonly reason: string };

/** Index of the instruction set that every processor supports. */
const plainKernels = 0;

/**
 * Creates the named engine. "auto" selects the native engine if it runs here with fast kernels. If it runs with plain
 * kernels only, "auto" selects the faster of the two engines. If it does not run, "auto" selects onnxruntime.
 * @throws ModelError if the file is at fault, or if `name` is "native" and this engine does not run here; EngineError
 * if onnxruntime is needed and does not run.
 */
export async function selectEngine(name: EngineName, choice: EngineChoice): Promise<SelectedEngine> {
  if (name === "onnxruntime") return { engine: await onnxruntimeFor(choice) };
  const native = await nativeFor(choice);
  if (native.kind === "loaded") return { engine: native.engine };
  if (name === "native") {
    if (native.kind === "plain") return { engine: await plainEngine(choice), note: native.reason };
    throw new ModelError(choice.source.path, `the native engine does not run here: ${native.reason}; use onnxruntime`);
  }
  if (native.kind === "plain") return faster(choice, native.reason);
  try {
    return { engine: await chooseEngine(choice), note: `the native engine does not run here: ${native.reason}` };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw noEngine({ native: native.reason, onnxruntime: error.message });
  }
}

async function onnxruntimeFor(choice: EngineChoice): Promise<OrtEngine> {
  try {
    return await chooseEngine(choice);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw noEngine({ native: "not selected (rwkvCode.engine, --engine)", onnxruntime: error.message });
  }
}

async function nativeFor(choice: EngineChoice): Promise<Native> {
  const platform = `${process.platform}-${process.arch}`;
  if (findAddon() === undefined) return { kind: "none", reason: `its file native/${platform}.node is missing` };
  const problem = await addonProblem();
  if (problem !== undefined) return { kind: "none", reason: problem };
  if (!canRun(choice.dimensions)) return { kind: "none", reason: "it does not support a model of this shape" };
  try {
    if (!hasFastKernels()) return { kind: "plain", reason: missingInstructions() };
    return { kind: "loaded", engine: await NativeEngine.create(choice) };
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    if (error instanceof ModelError) throw error; // the file is at fault, so no engine can read it
    return { kind: "none", reason: error instanceof Error ? error.message : String(error) };
  }
}

function missingInstructions(): string {
  return `this processor has no ${process.arch === "x64" ? "AVX2, FMA and F16C" : "dot product instructions"}`;
}

function plainEngine(choice: EngineChoice): Promise<NativeEngine> {
  return NativeEngine.create({ ...choice, instructionSet: plainKernels });
}

/**
 * Measures the native engine with plain kernels and onnxruntime, because either may be faster. If onnxruntime does not
 * run, the native engine is used.
 */
async function faster(choice: EngineChoice, reason: string): Promise<SelectedEngine> {
  const plain = await plainEngine(choice);
  let onnxruntime: OrtEngine;
  try {
    onnxruntime = await chooseEngine(choice);
  } catch (error) {
    if (!(error instanceof EngineError)) {
      await plain.dispose();
      throw error;
    }
    return { engine: plain, note: `${reason}; onnxruntime does not run here: ${error.message}` };
  }
  try {
    const isPlainFaster = (await keystrokeMs(plain)) < (await keystrokeMs(onnxruntime));
    const [engine, other] = isPlainFaster ? [plain, onnxruntime] : [onnxruntime, plain];
    await other.dispose();
    return { engine, note: reason };
  } catch (error) {
    await Promise.all([plain.dispose(), onnxruntime.dispose()]);
    throw error;
  }
}
