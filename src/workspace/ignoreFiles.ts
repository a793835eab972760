import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import createIgnore, { type Ignore } from "ignore";

/** An ignore file with the folder that its patterns are relative to. */
interface IgnoreFile {
  readonly folder: string;
  readonly patterns: Ignore;
}

/** Longer files are no lists of patterns. */
const maxLength = 100_000;
/** How far above the workspace folder the root of its repository is looked for. */
const maxLevels = 20;

/** The ignore files that apply in a folder, from the repository's root down. A value. */
export class IgnoreRules {
  readonly #files: readonly IgnoreFile[];

  private constructor(files: readonly IgnoreFile[]) {
    this.#files = files;
  }

  /** Of a workspace folder: those of the folders above it count up to the repository's root. */
  static async of(folder: string): Promise<IgnoreRules> {
    const above: string[] = [];
    let rules = new IgnoreRules([]);
    for (let at = path.dirname(folder), child = folder; at !== child && above.length < maxLevels;) {
      if (await isRepository(child)) {
        rules = await rules.with(child, path.join(child, ".git/info/exclude"));
        for (const one of above.reverse()) rules = await rules.with(one, path.join(one, ".gitignore"));
        return rules;
      }
      above.push(at);
      child = at;
      at = path.dirname(at);
    }
    return rules;
  }

  /** With the patterns of the folder's own .gitignore. */
  async in(folder: string): Promise<IgnoreRules> {
    return this.with(folder, path.join(folder, ".gitignore"));
  }

  /** @param file with patterns relative to a folder; it need not exist. */
  async with(folder: string, file: string): Promise<IgnoreRules> {
    const text = await textOf(file);
    if (text === undefined) return this;
    return new IgnoreRules([...this.#files, { folder, patterns: createIgnore().add(text) }]);
  }

  /** True if a path below the folder is ignored. The innermost file that says something about it decides. */
  isIgnored(file: string, isFolder: boolean): boolean {
    for (const { folder, patterns } of this.#files.toReversed()) {
      const relative = path.relative(folder, file).split(path.sep).join("/");
      if (relative === "" || relative.startsWith("../") || path.isAbsolute(relative)) continue;
      const { ignored, unignored } = patterns.test(isFolder ? `${relative}/` : relative);
      if (ignored) return true;
      if (unignored) return false;
    }
    return false;
  }
}

async function isRepository(folder: string): Promise<boolean> {
  // A folder, or a file in a worktree.
  return stat(path.join(folder, ".git")).then(
    () => true,
    () => false,
  );
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    const text = await readFile(file, "utf8");
    return text.length > maxLength ? undefined : text;
  } catch {
    return undefined; // it does not exist or may not be read: then it has no patterns
  }
}
