import { existsSync } from "node:fs";
import path from "node:path";
import { ModelError } from "../modelError.js";
import { readSmallFile } from "../regularFile.js";

/**
 * Fields of config.json, each with the only value that the engines support. All published models have these values: the
 * epsilon of the norms (under two names), the activation of channel-mix, and no attention layers.
 */
const publishedValues = { norm_eps: 1e-5, layer_norm_epsilon: 1e-5, hidden_act: "sqrelu", attn: null } as const;
/**
 * The code on Hugging Face derives the epsilon of ln_x from the head size. Our engines use the epsilon for this head
 * size.
 */
const publishedHeadSize = 64;
const limits = { maxBytes: 2 ** 20, what: "a config.json", missing: "no such file; download it again" } as const;

/**
 * Checks the config.json in the folder of a weights file with Hugging Face's names. It has properties that the tensors
 * do not show. Without a config.json, the model is assumed to have the properties of published models.
 * @param headSize the head size, for models with ln_x.
 * @throws ModelError if the head size or a value in config.json is not supported.
 */
export function checkConfig(weights: string, headSize = publishedHeadSize): void {
  if (headSize !== publishedHeadSize) {
    throw new ModelError(
      weights,
      `has a head size of ${headSize}, which is supported only with BlinkDL's names; convert it to .pth`,
    );
  }
  const config = configBeside(weights);
  for (const [field, published] of Object.entries(publishedValues)) {
    const value = config.values[field] ?? published;
    if (value === published) continue;
    throw new ModelError(
      config.file,
      `its ${field} is ${JSON.stringify(value)}, but only ${JSON.stringify(published)} is supported`,
    );
  }
}

/** True if the config.json in a weights file's folder ties the head to the embedding. @throws ModelError */
export function isHeadTied(weights: string): boolean {
  return configBeside(weights).values["tie_word_embeddings"] === true;
}

interface Config {
  readonly file: string;
  /** Empty if there is no config.json. */
  readonly values: Readonly<Record<string, unknown>>;
}

function configBeside(weights: string): Config {
  const file = path.join(path.dirname(weights), "config.json");
  if (!existsSync(file)) return { file, values: {} };
  const text = readSmallFile(file, limits).toString("utf8");
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    throw new ModelError(file, "cannot be read as JSON; download it again");
  }
  if (typeof config !== "object" || config === null)
    throw new ModelError(file, "is not a JSON object; download it again");
  return { file, values: config as Readonly<Record<string, unknown>> }; // a JSON object has string keys
}
