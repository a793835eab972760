import type { EngineName } from "../rwkv/engine.js";
import { UsageError } from "./usageError.js";

const names: readonly EngineName[] = ["auto", "native", "onnxruntime"];

/** Checks the value of `--engine`; "auto" by default. @throws UsageError if there is no such engine. */
export function engineName(value: string | undefined, usage: string): EngineName {
  const name = names.find((one) => one === (value ?? "auto"));
  if (name === undefined) throw new UsageError(usage);
  return name;
}
