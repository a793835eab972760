import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { IgnoreRules, type OnLeftOut } from "./ignoreFiles.js";
import type { RealFolder } from "./realFolder.js";

/** Extensions of files in which code is written by hand. */
const sourceExtensions = new Set(
  (
    "ts tsx mts cts js jsx mjs cjs vue svelte astro py pyi go rs java kt kts scala groovy c h cc cpp cxx hh hpp hxx inl " +
    "cu cuh m mm cs fs vb rb php lua pl pm r jl ex exs erl hrl hs ml mli clj cljs dart swift zig nim sh bash zsh fish " +
    "ps1 sql css scss sass less html htm proto graphql gd sol tf"
  ).split(" "),
);

/** Folders whose files are usually build output, installed packages or copies of other projects. */
const skippedFolders = new Set(
  (
    "node_modules bower_components jspm_packages vendor vendors third_party thirdparty external deps dist build out " +
    "target bin obj coverage __pycache__ site-packages venv env Pods Carthage DerivedData generated __generated__ " +
    "__snapshots__"
  ).split(" "),
);

const generatedNames = /\.(min|bundle|generated|g|pb|designer)\.[^.]+$|[._]pb2?(_grpc)?\.[^.]+$|\.d\.ts$|-lock\./i;

/** After this many entries, the rest of a workspace folder is left out. */
const maxEntries = 500_000;
/**
 * Folders nested deeper than this are skipped: they rarely hold hand-written code, and paths with thousands of parts
 * take long to check.
 */
const maxDepth = 64;
/** Time for which names are matched before other work can run. */
const turnMs = 5;

export interface SourceFilesOptions {
  /** Whether the file or folder with this full path must not be indexed. */
  readonly isExcluded: (file: string) => boolean;
  /** Lets other work run. Called before each folder is read and every few milliseconds. @throws to end the walk. */
  readonly turn: () => Promise<void>;
  readonly onLeftOut: OnLeftOut;
}

/** The files below a folder that are worth indexing, judged by their paths alone. Links are not followed. */
export async function* sourceFilesIn(root: RealFolder, options: SourceFilesOptions): AsyncGenerator<string> {
  const { isExcluded, turn, onLeftOut } = options;
  let left = maxEntries;
  const pending = [{ folder: root.path, depth: 0, above: await IgnoreRules.of(root.placeOf(root.path), onLeftOut) }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    await turn();
    const { folder, depth, above } = next;
    const rules = await above.in(root.placeOf(folder));
    const folders: typeof pending = [];
    let endMs = performance.now() + turnMs;
    for (const entry of await entriesOf(folder)) {
      if (--left < 0) {
        onLeftOut(`${root.path} has more than ${maxEntries} files: not all are indexed`);
        return;
      }
      if (performance.now() > endMs) {
        await turn();
        endMs = performance.now() + turnMs;
      }
      const file = path.join(folder, entry.name);
      const isFolder = entry.isDirectory();
      if (isFolder ? depth === maxDepth || isSkippedFolder(entry.name) : !entry.isFile() || !isSourceName(entry.name))
        continue;
      if (isExcluded(file) || rules.isIgnored(root.placeOf(file), isFolder)) continue;
      if (isFolder) folders.push({ folder: file, depth: depth + 1, above: rules });
      else yield file;
    }
    // Depth first, so that files of the same folder or of nearby folders are next to one another in the index.
    for (const one of folders.reverse()) pending.push(one);
  }
}

/**
 * True if `sourceFilesIn` would find the file in its workspace folder.
 * @param file a full path.
 */
export async function isSourceFile(
  file: string,
  root: RealFolder,
  { isExcluded, onLeftOut }: SourceFilesOptions,
): Promise<boolean> {
  const parts = path.relative(root.path, file).split(path.sep);
  const name = parts.pop() ?? "";
  if (name === "" || parts.includes("..") || path.isAbsolute(parts[0] ?? "") || !isSourceName(name)) return false;
  if (parts.length > maxDepth || !(await root.hasUnlinked(file))) return false;
  let at = root.path;
  let rules = await (await IgnoreRules.of(root.placeOf(at), onLeftOut)).in(root.placeOf(at));
  for (const part of parts) {
    at = path.join(at, part);
    if (isSkippedFolder(part) || isExcluded(at) || rules.isIgnored(root.placeOf(at), true)) return false;
    rules = await rules.in(root.placeOf(at));
  }
  return !isExcluded(file) && !rules.isIgnored(root.placeOf(file), false);
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
    return []; // the folder has been deleted, or is not readable
  }
}

/** The globs of files that a client should watch: files that may be indexed, and ignore files. */
export const watchedGlob = `**/*.{${[...sourceExtensions].join(",")}}`;
export const watchedIgnoreGlob = "**/.gitignore";
