import path from "node:path";

/**
 * File names that do not identify a model: on Hugging Face, most weights files are named model.safetensors or the like.
 */
const nameless = /^(model|pytorch_model)$/;
/** Lists the known extensions, because in rwkv7-0.1b the part after the dot belongs to the name. */
const ending = /(\.(safetensors|bin)\.index\.json|\.(safetensors|pth|pt|gguf|st|bin|ckpt|json))$/i;
/** A repository's folder in the Hugging Face cache: models--owner--name. */
const cached = /^models--(?:.+?--)?(?<name>.+)$/;

/**
 * The name of a published model: the file's name without its extension. If that does not identify the model, it is the
 * name of the folder or, in the Hugging Face cache, of the repository.
 */
export function publishedName(source: string): string {
  const { base, dir } = path.parse(path.resolve(source));
  const parts = dir.split(path.sep);
  const at = parts.findLastIndex((part) => cached.test(part));
  const within = at < 0 ? undefined : parts[at + 1];
  const repository =
    within === "snapshots" || within === "blobs" ? cached.exec(parts[at] ?? "")?.groups?.["name"] : undefined;
  const name = base.replace(ending, "");
  if (within === "blobs") return repository ?? name; // files are named by their hash there
  return nameless.test(name) ? (repository ?? path.basename(dir)) : name;
}
