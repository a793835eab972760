import path from "node:path";

/** Hugging Face's files are all called the same: model.safetensors, model.safetensors.index.json. */
const nameless = /^(model|pytorch_model)(\.(safetensors|bin)\.index)?$/;

/** What a published file says a model is called: its own name without its ending, or that of Hugging Face's folder. */
export function publishedName(source: string): string {
  const { name, dir } = path.parse(path.resolve(source));
  return nameless.test(name) ? path.basename(dir) : name;
}
