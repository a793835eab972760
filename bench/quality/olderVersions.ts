import path from "node:path";
import { linesTyped } from "./stretches.js";
import { sourcesIn, type Source } from "./sources.js";

/** Shorter lines do not show whether code is new: a closing bracket, for instance, occurs everywhere. */
const minLineUnits = 10;

/** Earlier versions of the source folders. Indexing them makes the typed code new to the index, like a user's code. */
export class OlderVersions {
  readonly #folder: string;
  readonly #sources = new Map<string, readonly Source[]>();
  readonly #lines = new Map<string, ReadonlySet<string>>();

  /** @param folder contains the older versions of all roots, under the same names. */
  constructor(folder: string) {
    this.#folder = path.resolve(folder);
  }

  /** The files of the older version of a root, with the paths that they would have in the root. */
  sourcesOf(root: string): readonly Source[] {
    let sources = this.#sources.get(root);
    if (sources === undefined) {
      const older = path.join(this.#folder, path.basename(root));
      const moved = (file: string): string => path.join(root, path.relative(older, file));
      sources = sourcesIn(older).map((source) => ({ ...source, path: moved(source.path), root }));
      if (sources.length === 0)
        throw new Error(`${older} contains no source files: an older version is expected there`);
      this.#sources.set(root, sources);
    }
    return sources;
  }

  /**
   * The numbers of the lines at which mostly new passages start. A passage is mostly new if more than half of its lines
   * of at least `minLineUnits`, and at least `linesTyped / 4` of them, occur in no file of the older version.
   */
  newPassages({ root, text }: Source): number[] {
    const known = this.#linesOf(root);
    const lines = text.split("\n").map((line) => line.trim());
    const starts = Array.from({ length: Math.max(0, lines.length - linesTyped) }, (_, from) => from);
    return starts.filter((from) => {
      const long = lines.slice(from, from + linesTyped).filter((line) => line.length >= minLineUnits);
      const added = long.filter((line) => !known.has(line)).length;
      return added >= linesTyped / 4 && added > long.length / 2;
    });
  }

  #linesOf(root: string): ReadonlySet<string> {
    let lines = this.#lines.get(root);
    if (lines === undefined) {
      lines = new Set(this.sourcesOf(root).flatMap(({ text }) => text.split("\n").map((line) => line.trim())));
      this.#lines.set(root, lines);
    }
    return lines;
  }
}
