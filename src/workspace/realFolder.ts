import { realpath } from "node:fs/promises";
import path from "node:path";

/** A folder's path as the user opened it, and its real path. They differ if a part of the user's path is a link. */
export class RealFolder {
  readonly path: string;
  readonly #real: string;

  private constructor(folder: string, real: string) {
    this.path = folder;
    this.#real = real;
  }

  /** Undefined if the folder does not exist or cannot be accessed. */
  static async of(folder: string): Promise<RealFolder | undefined> {
    const real = await realPathOf(folder);
    return real === undefined ? undefined : new RealFolder(folder, real);
  }

  /** The real path of a file in the folder, provided that no part of its path below the folder is a link. */
  placeOf(file: string): string {
    return path.join(this.#real, path.relative(this.path, file));
  }

  /**
   * True if the file exists and no part of its path below the folder is a link. On a system that ignores case, the path
   * must have the case that it has on disk.
   * @param descriptor the file's descriptor, if the file is open. On Linux, the open file is then checked, even if the
   * path leads to another file by now.
   */
  async hasUnlinked(file: string, descriptor?: number): Promise<boolean> {
    const opened = descriptor === undefined ? undefined : await realPathOf(`/proc/self/fd/${descriptor}`);
    const real = opened ?? (await realPathOf(file));
    return real?.normalize() === this.placeOf(file).normalize();
  }
}

function realPathOf(file: string): Promise<string | undefined> {
  return realpath(file).catch(() => undefined);
}
