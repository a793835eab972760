import { parseArgs } from "node:util";
import type { InspectLine } from "../shared/cliOutput.js";
import { versionName } from "../rwkv/architecture.js";
import { describeModel, type ModelDescription } from "../rwkv/describe.js";
import { UsageError } from "./usageError.js";
import { inertText } from "../shared/inertText.js";
import { print, printJson } from "./output.js";

/** The command `inspect`: describes a model without running it and, unless --quick is given, verifies its files. */
export async function inspect(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: "boolean" }, quick: { type: "boolean" } },
  });
  const [modelPath] = positionals;
  if (modelPath === undefined || positionals.length !== 1) throw new UsageError("inspect MODEL [--quick] [--json]");
  const description = await describeModel(modelPath, values.quick === true ? "none" : "sha256");
  if (values.json === true) printJson(inert(description satisfies InspectLine));
  else for (const row of rowsOf(description)) print(row);
}

function rowsOf({ dimensions, sha256, ...description }: ModelDescription): string[] {
  const { layers, width, heads, headSize, ffnWidth, vocabularySize } = dimensions;
  const rows: (readonly [string, string])[] = [
    ["name", description.name ?? "(none: a bare weights file)"],
    ["version", versionName(dimensions)],
    ["shape", `${layers} layers, width ${width}, ${heads} heads of ${headSize}, channel-mix ${ffnWidth}`],
    ["vocabulary", `${vocabularySize} tokens, tokenizer: ${description.tokenizer}`],
    ["parameters", `${(description.parameters / 1e6).toFixed(2)} million`],
    [
      "tensors",
      Object.entries(description.dtypes)
        .map(([dtype, count]) => `${count} ${dtype}`)
        .join(", "),
    ],
    ["state", `${description.stateBytes} bytes`],
    ["prompt", description.prompt ?? "(none)"],
    ["chat", description.chat ?? "(unknown)"],
    ["licence", description.licence ?? "(unknown)"],
    ...Object.entries(sha256).map(([file, hash]) => [`sha256`, `${hash}  ${file}`] as const),
  ];
  return rows.map(([label, value]) => `${label.padEnd(12)}${value}`);
}

/** A copy of a value in which all texts, including file names, are safe to display. */
function inert(value: unknown): unknown {
  if (typeof value === "string") return inertText(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [inertText(name), inert(one)]));
}
