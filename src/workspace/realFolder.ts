import { realpath } from "node:fs/promises";
import path from "node:path";

/** A folder as the user opened it, with its real path, which differs if links lead to it. */
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
   * @param descriptor of the file if it is open: on Linux it tells which file that is, whatever is at the path by now.
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
