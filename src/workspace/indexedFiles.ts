import { pathToFileURL } from "node:url";
import { documentPath } from "../core/tokens/headerPath.js";
import { WorkspaceIndex } from "../core/workspace/workspaceIndex.js";
import type { StoredFile } from "./indexFormat.js";
import type { FileStamp } from "./regularFile.js";

/** New files are left out once the index has reached one of these. */
export interface IndexLimits {
  readonly bytes: number;
  readonly files: number;
}

/** No file has this stamp, so a file whose unsaved text is indexed is read again at the next start. */
const unsavedStamp: FileStamp = { modifiedMs: 0, bytes: 0 };

/**
 * The indexed files and their stamps. A file that is indexed stays when the index is full, and may grow until the index
 * is an eighth over its limit. Including the space that replaced texts leave unused, `index.bytes` exceeds the limit by
 * at most a fifth and one page, if the index is compacted whenever `needsCompaction` is true.
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

  /** The number of changes so far, which tells whether the saved index is up to date. */
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
   * @param stamp undefined if the text is not saved.
   * @returns false if it does not fit. Then it is not indexed any more.
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

  /** Call for a file of the saved index that is not restored, so that the index is saved again without it. */
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

  /** The files as they are saved, one at a time. Files may change between two of them. */
  *stored(): Generator<StoredFile> {
    for (const [path, stamp] of this.#stamps) {
      const tokens = this.index.tokensOf(keyOf(path));
      // Text that was never saved does not go to the disk.
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

/** The path by which the core names a document. */
function keyOf(file: string): string {
  return documentPath(pathToFileURL(file).href);
}

function isSame(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
