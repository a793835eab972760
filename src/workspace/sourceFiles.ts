import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { IgnoreRules } from "./ignoreFiles.js";

/** Extensions of files in which code is written by hand. */
const sourceExtensions = new Set(
  (
    "ts tsx mts cts js jsx mjs cjs vue svelte astro py pyi go rs java kt kts scala groovy c h cc cpp cxx hh hpp hxx inl " +
    "cu cuh m mm cs fs vb rb php lua pl pm r jl ex exs erl hrl hs ml mli clj cljs dart swift zig nim sh bash zsh fish " +
    "ps1 sql css scss sass less html htm proto graphql gd sol tf"
  ).split(" "),
);

/** Folders of what was built, installed or copied from elsewhere. */
const skippedFolders = new Set(
  (
    "node_modules bower_components jspm_packages vendor vendors third_party thirdparty external deps dist build out " +
    "target bin obj coverage __pycache__ site-packages venv env Pods Carthage DerivedData generated __generated__ " +
    "__snapshots__"
  ).split(" "),
);

const generatedNames = /\.(min|bundle|generated|g|pb|designer)\.[^.]+$|[._]pb2?(_grpc)?\.[^.]+$|\.d\.ts$|-lock\./i;

export interface SourceFilesOptions {
  /** By full path; true for what must not be read or is of no interest. */
  readonly isExcluded: (file: string) => boolean;
  /** Called before each folder is read. @throws to end the walk. */
  readonly beforeFolder: () => Promise<void>;
}

/** The files below a folder that are worth reading, by name alone. Links are not followed. */
export async function* sourceFilesIn(folder: string, options: SourceFilesOptions): AsyncGenerator<string> {
  yield* walk(folder, await IgnoreRules.of(folder), options);
}

async function* walk(folder: string, above: IgnoreRules, options: SourceFilesOptions): AsyncGenerator<string> {
  await options.beforeFolder();
  const rules = await above.in(folder);
  const folders: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const file = path.join(folder, entry.name);
    const isFolder = entry.isDirectory();
    if (isFolder ? isSkippedFolder(entry.name) : !entry.isFile() || !isSourceName(entry.name)) continue;
    if (options.isExcluded(file) || rules.isIgnored(file, isFolder)) continue;
    if (isFolder) folders.push(file);
    else yield file;
  }
  // The files of a folder lie together in the index, and so do those of near folders.
  for (const one of folders) yield* walk(one, rules, options);
}

/**
 * True if a single file would be found by `sourceFilesIn` its workspace folder.
 * @param file a full path below the folder.
 */
export async function isSourceFile(file: string, folder: string, { isExcluded }: SourceFilesOptions): Promise<boolean> {
  const parts = path.relative(folder, file).split(path.sep);
  const name = parts.pop() ?? "";
  if (name === "" || parts.includes("..") || path.isAbsolute(parts[0] ?? "") || !isSourceName(name)) return false;
  let rules = await (await IgnoreRules.of(folder)).in(folder);
  let at = folder;
  for (const part of parts) {
    at = path.join(at, part);
    if (isSkippedFolder(part) || isExcluded(at) || rules.isIgnored(at, true)) return false;
    rules = await rules.in(at);
  }
  return !isExcluded(file) && !rules.isIgnored(file, false);
}

export function isSourceName(name: string): boolean {
  const extension = path.extname(name).slice(1).toLowerCase();
  return sourceExtensions.has(extension) && !name.startsWith(".") && !generatedNames.test(name);
}

function isSkippedFolder(name: string): boolean {
  return name.startsWith(".") || skippedFolders.has(name);
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return []; // deleted meanwhile, or not readable: it has no files for us
  }
}

/** What a client should watch: every file that may be indexed, and what decides about it. */
export const watchedGlob = `**/*.{${[...sourceExtensions].join(",")}}`;
export const watchedIgnoreGlob = "**/.gitignore";
