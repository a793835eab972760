import { compileGlobs, maxPathLength, type GlobProblem } from "./pathGlobs.js";

/** Decides which documents are never read. */
export interface Exclusion {
  /** Checks the full path and the path relative to the workspace folder, both with `/` as the separator. */
  readonly isExcluded: (path: string, relativePath: string) => boolean;
  /** Globs that are ignored, with the reasons. */
  readonly problems: readonly GlobProblem[];
}

/**
 * Compiles globs as users write them: relative to the workspace folder or to the root, with `/` or, on Windows, `\` as
 * the separator. A glob that matches a folder excludes everything in it. If a file is excluded, so are files whose
 * names look like those of its backups or copies (`a.key~`, `.a.key.swp`). A path that is too long, or cannot be
 * matched in bounded time, counts as excluded.
 */
export function exclusionOf(globs: readonly string[], platform = process.platform): Exclusion {
  const { matches, problems } = compileGlobs(globs.map((glob) => normalizedGlob(glob, platform)));
  const answers = new Map<string, boolean>();
  const isExcluded = (path: string): boolean => {
    const known = answers.get(path);
    if (known !== undefined) return known;
    const answer = path.length > maxPathLength || namesOf(normalizedPath(path, platform)).some(matches);
    if (answers.size >= maxAnswers) answers.clear();
    answers.set(path, answer);
    return answer;
  };
  return { isExcluded: (path, relativePath) => isExcluded(path) || isExcluded(relativePath), problems };
}

/** Maximum number of cached results. The cache pays because every keystroke checks the same few documents. */
const maxAnswers = 1000;

/** The path that globs are matched against. For a Windows share it begins with the server's name. */
export function fullPathOf(uri: {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}): string {
  return uri.scheme === "file" && uri.authority !== "" ? `//${uri.authority}${uri.path}` : uri.path;
}

function normalizedGlob(glob: string, platform: NodeJS.Platform): string {
  // On systems other than Windows a backslash escapes the next character.
  const slashes = platform === "win32" || /^[a-z]:\\/i.test(glob) ? glob.replaceAll("\\", "/") : glob;
  return slashes
    .normalize()
    .trim()
    .replace(/^(\.?\/)+/, "")
    .replace(/(?<=.)\/\*\*$/, "")
    .replace(/\/+$/, "");
}

/** Resolves `.` and `..`. Windows opens `a.key. ` and `a.key::$DATA` as `a.key`, so such suffixes are removed there. */
function normalizedPath(path: string, platform: NodeJS.Platform): string {
  const parts: string[] = [];
  for (const part of (platform === "win32" ? path.replaceAll("\\", "/") : path).normalize().split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else if (platform === "win32" && !/^[a-z]:$/i.test(part))
      parts.push(part.replace(/:.*$/s, "").replace(/[. ]+$/, ""));
    else parts.push(part);
  }
  return parts.join("/");
}

/**
 * The path itself. If its name looks like that of a backup, copy, archive, swap file or lock file, also the likely
 * paths of the original.
 */
function namesOf(path: string): string[] {
  const slash = path.lastIndexOf("/") + 1;
  const folder = path.slice(0, slash);
  const name = path.slice(slash);
  let original = name.replace(copied, "").replace(copyOf, "");
  for (let shorter = original.replace(backup, ""); shorter !== original; shorter = original.replace(backup, "")) {
    original = shorter;
  }
  const isMarked = original !== name || /^[.#]#/.test(name);
  const names = isMarked ? [name, original, original.replace(/^[.#]+/, "")] : [name];
  return names.map((one) => folder + one);
}

const backup = new RegExp(
  "(?<=.)(" +
    [
      /~|#|\.~\d{1,9}~/,
      /[._-](bak|backup|orig|original|old|new|save|saved|sav|swp|swo|swn|swx|tmp|temp|copy|rej|enc|encrypted)\d{0,9}/,
      /[._-]\d[\d._:T-]{0,24}Z?/, // a.key.1, a.key.20240101, a.key-2024-01-01
      /\.(gz|bz2|xz|zst|lz4|zip|7z|rar|tar|tgz)/,
    ]
      .map(({ source }) => source)
      .join("|") +
    ")$",
  "i",
);

/** The suffixes that file managers add to the name of a copy, before or after its extension. */
const copied = /(?<=.)( \(\d{1,4}\)|( -)? copy( \d{1,4}| \(\d{1,4}\))?)(?=(\.[^.]*)?$)/i;
const copyOf = /^copy (\(\d{1,4}\) )?of /i;
