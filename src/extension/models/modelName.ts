import path from "node:path";
import { unfinished } from "./knownModels.js";

/** Hugging Face's files are all called the same; their folder has the model's name. */
const nameless = /^(model|pytorch_model)(\.(safetensors|bin)\.index)?$/;

/** What a folder made of a file is called: the file's name without its ending, fit for a folder on any system. */
export function modelName(source: string): string {
  const { name: file, dir } = path.parse(source);
  const name = (nameless.test(file) ? path.basename(dir) : file)
    .replace(/[<>:"/\\|?*]/g, "_")
    .replace(/^[. ]+|[. ]+$/g, "");
  const suffix = unfinished.find((ending) => name.endsWith(ending));
  return (suffix === undefined ? name : name.slice(0, -suffix.length)) || "model";
}

/** The name, or where it is taken the first of `name-2`, `name-3` … that is not. Case does not tell two apart. */
export function freeName(name: string, taken: readonly string[]): string {
  const used = new Set(taken.map((other) => other.toLowerCase()));
  if (!used.has(name.toLowerCase())) return name;
  let number = 2;
  while (used.has(`${name}-${number}`.toLowerCase())) number++;
  return `${name}-${number}`;
}
