import { compileGlobs, maxPathLength, type GlobProblem } from "./pathGlobs.js";

/** Which documents are never read. */
export interface Exclusion {
  /** By the path and by the path in the workspace folder, with `/` between the parts. */
  readonly isExcluded: (path: string, relativePath: string) => boolean;
  /** Globs that were left out. */
  readonly problems: readonly GlobProblem[];
}

/**
 * Globs as users write them: relative to the workspace folder or to the root, with `/` or, on Windows, `\` between the
 * parts, a folder with or without what is in it. What editors leave beside a file (`a.key~`, `.a.key.swp`) is excluded
 * when the file is. A path that is too long to be compared in bounded time counts as excluded.
 */
export function exclusionOf(globs: readonly string[], platform = process.platform): Exclusion {
  const { matches, problems } = compileGlobs(globs.map((glob) => normalisedGlob(glob, platform)));
  const answers = new Map<string, boolean>();
  const isExcluded = (path: string): boolean => {
    const known = answers.get(path);
    if (known !== undefined) return known;
    const answer = path.length > maxPathLength || namesOf(normalisedPath(path, platform)).some(matches);
    if (answers.size >= maxAnswers) answers.clear();
    answers.set(path, answer);
    return answer;
  };
  return { isExcluded: (path, relativePath) => isExcluded(path) || isExcluded(relativePath), problems };
}

/** Each key asks again about the same document. */
const maxAnswers = 1000;

/** The path that globs are compared with; of a share of Windows it begins with the name of its server. */
export function fullPathOf(uri: {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}): string {
  return uri.scheme === "file" && uri.authority !== "" ? `//${uri.authority}${uri.path}` : uri.path;
}

function normalisedGlob(glob: string, platform: NodeJS.Platform): string {
  // Elsewhere a backslash takes a character literally.
  const slashes = platform === "win32" || /^[a-z]:\\/i.test(glob) ? glob.replaceAll("\\", "/") : glob;
  return slashes
    .normalize()
    .trim()
    .replace(/^(\.?\/)+/, "")
    .replace(/(?<=.)\/\*\*$/, "")
    .replace(/\/+$/, "");
}

/** Without `.` and `..`; Windows opens `a.key. ` as `a.key`, and `a.key::$DATA` too. */
function normalisedPath(path: string, platform: NodeJS.Platform): string {
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

/** The path, and those that it may be a backup, a copy, an archive, a swap file or a lock of. */
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

/** What file managers put at the end of a copy's name, or before its extension. */
const copied = /(?<=.)( \(\d{1,4}\)|( -)? copy( \d{1,4}| \(\d{1,4}\))?)(?=(\.[^.]*)?$)/i;
const copyOf = /^copy (\(\d{1,4}\) )?of /i;
