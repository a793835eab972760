import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { readCatalogue } from "../hub/catalogue.js";
import { recommendedModel } from "../hub/recommendation.js";
import { expectedTokensPerSecond, fitsMemory, machineMemoryBytes, memoryBytes } from "../hub/requirements.js";
import { sizeText } from "../hub/sizeText.js";
import { memoryBandwidth } from "../rwkv/memoryBandwidth.js";
import type { PublishedModelLine } from "../shared/cliOutput.js";
import { catalogueFile } from "./catalogueFile.js";
import { print, printJson } from "./output.js";
import { UsageError } from "./usageError.js";

/** The command `models`: lists the published models that `get` knows, and how they would run on this machine. */
export async function modelsCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: "boolean" }, to: { type: "string" } },
  });
  if (positionals.length > 0) throw new UsageError("models [--to DIR] [--json]");
  const bandwidth = memoryBandwidth();
  const { models } = await readCatalogue(catalogueFile);
  const candidates = models.map((model) => ({ model, tokensPerSecond: expectedTokensPerSecond(model, bandwidth) }));
  const recommended = recommendedModel(candidates, machineMemoryBytes());
  const lines = candidates.map(({ model, tokensPerSecond }): PublishedModelLine => {
    const { name, title, parameters, prompt, chat, licence, weights } = model;
    return {
      name,
      title,
      parameters,
      downloadBytes: weights.bytes,
      memoryBytes: Math.round(memoryBytes(model)),
      fitsMemory: fitsMemory(model, machineMemoryBytes()),
      prompt,
      chat,
      licence,
      expectedTokensPerSecond: Number(tokensPerSecond.toPrecision(2)),
      isRecommended: name === recommended,
      isThere: existsSync(path.resolve(values.to ?? ".", name, "model.json")),
    };
  });
  for (const line of lines) {
    if (values.json === true) printJson(line);
    else for (const text of textOf(line)) print(text);
  }
}

function textOf({ name, title, downloadBytes, prompt, chat, licence, ...line }: PublishedModelLine): string[] {
  const abilities = [
    "completes",
    ...(prompt === "prefix" ? [] : ["fills in the middle"]),
    ...(chat === "none" ? [] : ["chats"]),
  ];
  const memory = `${sizeText(line.memoryBytes)} of memory${line.fitsMemory ? "" : ", which this machine does not have"}`;
  const speed = `should write ${line.expectedTokensPerSecond} tokens/s`;
  return [
    `${name.padEnd(18)}${title}${line.isThere ? " (is there)" : ""}${line.isRecommended ? " (recommended: the largest one that is fast enough on this machine)" : ""}`,
    `  ${[`${sizeText(downloadBytes)} to download`, memory, abilities.join(", "), speed, licence].join("; ")}`,
  ];
}
