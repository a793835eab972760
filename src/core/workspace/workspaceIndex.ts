import type { MatchSource } from "../decoding/documentNgrams.js";
import type { TokenId } from "../model.js";
import { languageFamilyOf } from "./languageFamily.js";
import { NgramIndex } from "./ngramIndex.js";

interface IndexedFile {
  readonly path: string;
  readonly family: string;
  readonly folders: readonly string[];
}

/** The tokens of a workspace's source files, by path. Their n-grams help to predict what comes next in other files. */
export class WorkspaceIndex {
  readonly #vocabularySize: number;
  #index: NgramIndex;
  /** The files by the numbers of their texts in the n-gram index; undefined for a removed file. */
  #files: (IndexedFile | undefined)[] = [];
  #numbers = new Map<string, number>();

  constructor(vocabularySize: number) {
    this.#vocabularySize = vocabularySize;
    this.#index = new NgramIndex(vocabularySize);
  }

  get fileCount(): number {
    return this.#numbers.size;
  }

  get tokenCount(): number {
    return this.#index.tokenCount;
  }

  get bytes(): number {
    return this.#index.bytes;
  }

  /** `bytes` without the bytes of removed files and of the unused part of the last page. */
  get usedBytes(): number {
    return this.#index.usedBytes;
  }

  /** The bytes that removed files occupy. */
  get unusedBytes(): number {
    return this.#index.unusedBytes;
  }

  bytesFor(tokens: number): number {
    return this.#index.bytesFor(tokens);
  }

  get paths(): string[] {
    return [...this.#numbers.keys()];
  }

  /** True if a compaction would free enough to be worth its time. */
  get isSparse(): boolean {
    return this.#index.isSparse;
  }

  /** Adds a file, or replaces it. @param path with `/` between its parts. */
  set(path: string, tokens: ArrayLike<number>): void {
    this.delete(path);
    const number = this.#index.add(tokens);
    this.#numbers.set(path, number);
    this.#files[number] = { path, family: languageFamilyOf(path), folders: foldersOf(path) };
  }

  delete(path: string): void {
    const number = this.#numbers.get(path);
    if (number === undefined) return;
    this.#index.remove(number);
    this.#files[number] = undefined;
    this.#numbers.delete(path);
  }

  clear(): void {
    this.#index = new NgramIndex(this.#vocabularySize);
    this.#files = [];
    this.#numbers = new Map();
  }

  /**
   * Replaces the index with a new one without the removed files, one file per step. Do not change the index before the
   * last step.
   */
  *compaction(): Generator<void> {
    const index = new NgramIndex(this.#vocabularySize);
    const files: IndexedFile[] = [];
    const numbers = new Map<string, number>();
    for (const [path, old] of this.#numbers) {
      const file = this.#files[old];
      if (file === undefined) continue;
      const number = index.add(this.#index.tokensOf(old));
      files[number] = file;
      numbers.set(path, number);
      yield;
    }
    this.#index = index;
    this.#files = files;
    this.#numbers = numbers;
  }

  /** A copy of a file's tokens; undefined if the file is not indexed. */
  tokensOf(path: string): Uint16Array | Uint32Array | undefined {
    const number = this.#numbers.get(path);
    return number === undefined ? undefined : this.#index.tokensOf(number);
  }

  /**
   * A source of matches in the files of the document's language family. Matches in nearby folders have more weight.
   * @param path the document that is completed; it is left out.
   * @param isOpen whether a file is open. Open files are left out, because their text in the editor is searched
   * instead.
   */
  sourceFor(path: string, isOpen: (path: string) => boolean): MatchSource {
    const index = this.#index;
    const files = this.#files;
    const folders = foldersOf(path);
    const family = languageFamilyOf(path);
    const weights = new Map<number, number>();
    const weightOf = (number: number): number => {
      const known = weights.get(number);
      if (known !== undefined) return known;
      const file = files[number];
      const counts = file?.family === family && file.path !== path && !isOpen(file.path);
      const weight = counts ? 1 / (1 + distance(folders, file.folders)) : 0;
      weights.set(number, weight);
      return weight;
    };
    return {
      forEachMatch: (read: readonly TokenId[], visit) => {
        index.forEachMatch(read, (text, next, length) => {
          const weight = weightOf(text);
          if (weight > 0) visit(next, length, weight);
        });
      },
    };
  }
}

function foldersOf(path: string): readonly string[] {
  return path.split("/").slice(0, -1);
}

/** The number of steps up and down the tree from one folder to the other. */
function distance(a: readonly string[], b: readonly string[]): number {
  let common = 0;
  while (common < a.length && a[common] === b[common]) common++;
  return a.length + b.length - 2 * common;
}
