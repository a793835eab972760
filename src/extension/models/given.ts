import { fieldsOf } from "../../shared/jsonObject.js";
import type { ImportRequest } from "./importRequest.js";
import type { ManageRequest } from "./manageModels.js";

/**
 * These functions validate the arguments of commands, which may come from anywhere: a key binding, another extension, a
 * link. They return undefined for invalid arguments; the command then asks the user, as if it had none.
 */

export function importRequestOf(given: unknown): ImportRequest | undefined {
  const { source, vocabulary, quantization, prompt, name } = fieldsOf(given);
  if (typeof source !== "string" || typeof name !== "string") return undefined;
  if (vocabulary !== undefined && typeof vocabulary !== "string") return undefined;
  if (quantization !== "int8" && quantization !== "int4" && quantization !== "none") return undefined;
  if (prompt !== undefined && prompt !== "prefix" && prompt !== "suffix-prefix-middle") return undefined;
  return { source, vocabulary, quantization, prompt, name };
}

export function manageRequestOf(given: unknown): ManageRequest | undefined {
  const { folder, action } = fieldsOf(given);
  if (typeof folder !== "string") return undefined;
  if (action !== "card" && action !== "verify" && action !== "reveal" && action !== "remove") return undefined;
  return { folder, action };
}
