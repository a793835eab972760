import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import { errorMessage } from "../shared/errorMessage.js";
import { IgnorePatterns } from "./ignorePatterns.js";
import { readRegularFile } from "./regularFile.js";

/** An ignore file's patterns, and the folder that they are relative to. */
interface IgnoreFile {
  readonly file: string;
  readonly folder: string;
  readonly patterns: IgnorePatterns;
}

/** Larger files are refused: they are not lists of patterns. */
const maxBytes = 100_000;
/** Limit for all ignore files of a workspace folder together. Reading that many bytes takes a few seconds. */
const maxTotalBytes = 4_000_000;

/** Receives a sentence for the log: which files are left out of the index, and why. */
export type OnLeftOut = (message: string) => void;

interface Context {
  readonly onLeftOut: OnLeftOut;
  /** Bytes that may still be read before the ignore files exceed `maxTotalBytes`. */
  leftBytes: number;
}

/**
 * The ignore files that apply in a folder, from the repository's root down. All paths are real paths, without links.
 */
export class IgnoreRules {
  readonly #files: readonly IgnoreFile[];
  readonly #context: Context;
  /**
   * True if everything in the folder counts as ignored: the folder itself is ignored, or an ignore file is unusable, so
   * any file might be ignored.
   */
  readonly #ignoresAll: boolean;

  private constructor(files: readonly IgnoreFile[], context: Context, ignoresAll = false) {
    this.#files = files;
    this.#context = context;
    this.#ignoresAll = ignoresAll;
  }

  /**
   * The rules for a workspace folder that come from the folders above it, up to the repository's root. Does not read
   * the workspace folder's own ignore files.
   */
  static async of(folder: string, onLeftOut: OnLeftOut): Promise<IgnoreRules> {
    const above: string[] = [];
    const none = new IgnoreRules([], { onLeftOut, leftBytes: maxTotalBytes });
    for (let at = folder; ; at = path.dirname(at)) {
      if (await isRepository(at)) break;
      if (at === path.dirname(at)) return none;
      above.push(path.dirname(at));
    }
    let rules = none;
    for (const one of above.reverse()) {
      if (rules.isIgnored(one, true)) return rules.#unusable();
      rules = await rules.in(one);
    }
    return rules.isIgnored(folder, true) ? rules.#unusable() : rules;
  }

  /** Returns these rules together with the rules of the ignore files in a folder. */
  async in(folder: string): Promise<IgnoreRules> {
    if (this.#ignoresAll) return this;
    const own = (await isRepository(folder)) ? await this.#withExcludes(folder) : this;
    return own.#with(folder, path.join(folder, ".gitignore"));
  }

  /** True if a path in the folder is ignored. The innermost ignore file with a pattern that matches it decides. */
  isIgnored(file: string, isFolder: boolean): boolean {
    if (this.#ignoresAll) return true;
    for (const { file: ignoreFile, folder, patterns } of this.#files.toReversed()) {
      const relative = path.relative(folder, file).split(path.sep).join("/");
      if (relative === "" || relative.split("/")[0] === ".." || path.isAbsolute(relative)) continue;
      const verdict = patterns.verdict(relative, isFolder);
      if (verdict === "none") continue;
      if (verdict === "undecided") {
        this.#context.onLeftOut(`${ignoreFile} takes too long to match: what it may name is not indexed`);
      }
      return verdict !== "included";
    }
    return false;
  }

  /** Adds `.git/info/exclude`. If this is a link, Git follows it, although Git ignores a .gitignore that is a link. */
  async #withExcludes(folder: string): Promise<IgnoreRules> {
    const file = path.join(folder, ".git/info/exclude");
    return this.#with(folder, await realpath(file).catch(() => file));
  }

  /** @param file an ignore file whose patterns are relative to `folder`; it need not exist. */
  async #with(folder: string, file: string): Promise<IgnoreRules> {
    const content = await readRegularFile(file, { maxBytes, isUnlinked: () => Promise.resolve(true) });
    if (content.kind === "missing" || content.kind === "unchanged") return this;
    try {
      if (content.kind === "refused") throw new Error(content.reason);
      this.#context.leftBytes -= content.bytes.length;
      if (this.#context.leftBytes < 0) throw new Error(`exceeds the ${maxTotalBytes} bytes of all ignore files`);
      const patterns = new IgnorePatterns(content.bytes.toString("utf8"));
      return new IgnoreRules([...this.#files, { file, folder, patterns }], this.#context);
    } catch (error) {
      this.#context.onLeftOut(`${file} ${errorMessage(error)}: its folder is not indexed`);
      return this.#unusable();
    }
  }

  #unusable(): IgnoreRules {
    return new IgnoreRules([], this.#context, true);
  }
}

async function isRepository(folder: string): Promise<boolean> {
  // `.git` is a folder; in a linked worktree or a submodule, it is a file.
  return stat(path.join(folder, ".git")).then(
    () => true,
    () => false,
  );
}
