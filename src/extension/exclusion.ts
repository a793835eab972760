import picomatch from "picomatch";
import type { Uri } from "vscode";

/** Says whether a document is excluded, by its path and by its path in the workspace folder; `/` between the parts. */
export type Exclusion = (path: string, relativePath: string) => boolean;

/**
 * Globs as users write them: relative to the workspace folder or to the root, with `/` or, on Windows, `\` between the
 * parts, a folder with or without what is in it. Case never matters: a secret stays one in capitals.
 */
export function exclusionOf(globs: readonly string[], platform = process.platform): Exclusion {
  const patterns = globs.map((glob) => normalised(glob, platform)).filter((glob) => glob !== "");
  if (patterns.length === 0) return () => false;
  const matches = picomatch(
    patterns.flatMap((glob) => [glob, `${glob}/**`]),
    { dot: true, nocase: true, windows: platform === "win32" },
  );
  return (path, relativePath) => matches(relativePath) || matches(path.replace(/^\/+/, ""));
}

/** The path that globs are compared with; of a share of Windows it begins with the name of its server. */
export function fullPathOf({ scheme, authority, path }: Pick<Uri, "scheme" | "authority" | "path">): string {
  return scheme === "file" && authority !== "" ? `//${authority}${path}` : path;
}

function normalised(glob: string, platform: NodeJS.Platform): string {
  // Elsewhere a backslash takes a character as it is.
  const slashes = platform === "win32" || /^[a-z]:\\/i.test(glob) ? glob.replaceAll("\\", "/") : glob;
  return slashes
    .trim()
    .replace(/^(\.?\/)+/, "")
    .replace(/\/+$/, "");
}
