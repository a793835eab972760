import { unfinishedSuffixes } from "./knownModels.js";

/**
 * Converts a published file's name to a folder name. Replaces characters that some systems forbid, and removes a suffix
 * that would mark the folder as unfinished.
 */
export function folderName(published: string): string {
  const name = published.replace(/[<>:"/\\|?*]/g, "_").replace(/^[. ]+|[. ]+$/g, "");
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
