import { unfinishedSuffixes } from "./knownModels.js";

/** A published file's name as a folder's name, without punctuation that some systems forbid or an unfinished suffix. */
export function folderName(published: string): string {
  const name = published
    .replace(/[<>:"/\\|?*]/g, "_")
    .replace(/^[. ]+|[. ]+$/g, "");
  const suffix = unfinishedSuffixes.find((ending) => name.endsWith(ending));
  return (suffix === undefined ? name : name.slice(0, -suffix.length)) || "model";
}

/** The name, or if it is taken, the first free one of `name-2`, `name-3` …. Case is ignored. */
export function freeName(name: string, taken: readonly string[]): string {
  const used = new Set(taken.map((other) => other.toLowerCase()));
  if (!used.has(name.toLowerCase())) return name;
  let number = 2;
  while (used.has(`${name}-${number}`.toLowerCase())) number++;
  return `${name}-${number}`;
}
