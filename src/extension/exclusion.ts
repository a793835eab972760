import picomatch from "picomatch";

/** Says whether a document is excluded, by its path and by its path in the workspace folder; `/` between the parts. */
export type Exclusion = (path: string, relativePath: string) => boolean;

/**
 * Globs as users write them: relative to the workspace folder or to the root, with `/` or a Windows path, a folder with
 * or without what is in it. Case never matters: a secret stays one in capitals.
 */
export function exclusionOf(globs: readonly string[]): Exclusion {
  const patterns = globs.map(normalised).filter((glob) => glob !== "");
  if (patterns.length === 0) return () => false;
  const matches = picomatch(
    patterns.flatMap((glob) => [glob, `${glob}/**`]),
    { dot: true, nocase: true },
  );
  return (path, relativePath) => matches(relativePath) || matches(path.replace(/^\//, ""));
}

function normalised(glob: string): string {
  const slashes = /^[a-z]:\\/i.test(glob) ? glob.replaceAll("\\", "/") : glob;
  return slashes
    .trim()
    .replace(/^(\.?\/)+/, "")
    .replace(/\/+$/, "");
}
