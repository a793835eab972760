import type { EngineName } from "../rwkv/engine.js";
import { UsageError } from "./usageError.js";

const names: readonly EngineName[] = ["auto", "native", "onnxruntime"];

/** What `--engine` says; "auto" where it says nothing. @throws UsageError */
export function engineName(value: string | undefined, usage: string): EngineName {
  const name = names.find((one) => one === (value ?? "auto"));
  if (name === undefined) throw new UsageError(usage);
  return name;
}
