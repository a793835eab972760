import path from "node:path";

/** Hugging Face's files are all called the same: model.safetensors, model.safetensors.index.json. */
const nameless = /^(model|pytorch_model)$/;
/** In a name without an extension the part after the last dot belongs to the name: rwkv7-0.1b. */
const ending = /(\.(safetensors|bin)\.index\.json|\.(safetensors|pth|pt|gguf|st|bin|ckpt|json))$/i;
/** The name of a repository's folder in the cache of Hugging Face: models--owner--name. */
const cached = /^models--(?:.+?--)?(?<name>.+)$/;

/**
 * What a published file says a model is called: its own name without its ending; for a file whose name says nothing, that
 * of its folder, or in the cache of Hugging Face that of the repository.
 */
export function publishedName(source: string): string {
  const { base, dir } = path.parse(path.resolve(source));
  const parts = dir.split(path.sep);
  const at = parts.findLastIndex((part) => cached.test(part));
  const within = at < 0 ? undefined : parts[at + 1];
  const repository =
    within === "snapshots" || within === "blobs" ? cached.exec(parts[at] ?? "")?.groups?.["name"] : undefined;
  const name = base.replace(ending, "");
  if (within === "blobs") return repository ?? name; // each file is called by its hash there
  return nameless.test(name) ? (repository ?? path.basename(dir)) : name;
}
