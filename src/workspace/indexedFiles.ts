import { pathToFileURL } from "node:url";
import { documentPath } from "../core/tokens/headerPath.js";
import { WorkspaceIndex } from "../core/workspace/workspaceIndex.js";
import type { StoredFile } from "./indexFormat.js";
import type { FileStamp } from "./regularFile.js";

/** Once the index has reached either limit, new files are left out. */
export interface IndexLimits {
  readonly bytes: number;
  readonly files: number;
}

/** The stamp for unsaved text. No file on disk has it, so the next scan reads the file again. */
const unsavedStamp: FileStamp = { modifiedMs: 0, bytes: 0 };

/**
 * The indexed files and their stamps. When the index is full, indexed files stay and may grow until the index is an
 * eighth over its limit. Replaced texts leave unused space. Including this space, `index.bytes` exceeds the limit by at
 * most a fifth and one page, if the index is compacted whenever `needsCompaction` is true.
 */
export class IndexedFiles {
  readonly index: WorkspaceIndex;
  #changes = 0;
  readonly #limits: IndexLimits;
  readonly #stamps = new Map<string, FileStamp>();

  constructor(vocabularySize: number, limits: IndexLimits) {
    this.index = new WorkspaceIndex(vocabularySize);
    this.#limits = limits;
  }

  /** The number of changes so far. If it has not grown since the index was saved, the saved index is up to date. */
  get changes(): number {
    return this.#changes;
  }

  get paths(): IterableIterator<string> {
    return this.#stamps.keys();
  }

  /** True if new files are left out. */
  get isFull(): boolean {
    return this.#stamps.size >= this.#limits.files || this.index.usedBytes >= this.#limits.bytes;
  }

  get needsCompaction(): boolean {
    const { isSparse, bytes, unusedBytes } = this.index;
    return isSparse || (bytes > this.#maxBytes && unusedBytes > this.#limits.bytes / 16);
  }

  has(file: string): boolean {
    return this.#stamps.has(file);
  }

  stampOf(file: string): FileStamp | undefined {
    return this.#stamps.get(file);
  }

  /**
   * Adds a file or replaces it.
   * @param stamp undefined if the text is not saved on disk.
   * @returns false if the text does not fit; then the file is no longer in the index.
   */
  set(file: string, tokens: ArrayLike<number>, stamp: FileStamp | undefined): boolean {
    const key = keyOf(file);
    const old = this.index.tokensOf(key);
    if (old !== undefined && isSame(old, tokens)) {
      if (stamp === undefined) return true; // this text is indexed already
    } else if (this.#fits(tokens.length, old?.length)) {
      this.index.set(key, tokens);
    } else {
      this.forget(file);
      return false;
    }
    this.#stamps.set(file, stamp ?? unsavedStamp);
    this.#changes++;
    return true;
  }

  /**
   * Call if a file of the saved index is not restored. Counts a change, so that the index is saved without the file.
   */
  drop(): void {
    this.#changes++;
  }

  /** Adds a file from the saved index if it fits. */
  restore({ path, tokens, modifiedMs, bytes }: StoredFile): void {
    if (this.#fits(tokens.length, undefined)) {
      this.index.set(keyOf(path), tokens);
      this.#stamps.set(path, { modifiedMs, bytes });
    } else {
      this.drop();
    }
  }

  forget(file: string): void {
    this.index.delete(keyOf(file));
    if (this.#stamps.delete(file)) this.#changes++;
  }

  clear(): void {
    this.index.clear();
    this.#stamps.clear();
    this.#changes++;
  }

  /** Yields the files in the form in which they are saved. The index may change while the caller processes a file. */
  *stored(): Generator<StoredFile> {
    for (const [path, stamp] of this.#stamps) {
      const tokens = this.index.tokensOf(keyOf(path));
      // Unsaved text is never written to the disk.
      if (tokens !== undefined && stamp !== unsavedStamp) yield { path, ...stamp, tokens };
    }
  }

  get #maxBytes(): number {
    return this.#limits.bytes * 1.125;
  }

  #fits(tokens: number, old: number | undefined): boolean {
    if (old === undefined) return !this.isFull;
    return tokens <= old || this.index.usedBytes + this.index.bytesFor(tokens - old) <= this.#maxBytes;
  }
}

/** The path that identifies the file's document in the core. */
function keyOf(file: string): string {
  return documentPath(pathToFileURL(file).href);
}

function isSame(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
