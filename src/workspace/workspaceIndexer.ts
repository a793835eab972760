import { createHash } from "node:crypto";
import path from "node:path";
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import type { Tokenizer } from "../core/model.js";
import { tokenize } from "../core/tokens/healing.js";
import { normalizedBytes } from "../core/tokens/normalize.js";
import type { WorkspaceIndex } from "../core/workspace/workspaceIndex.js";
import { IndexedFiles, type IndexLimits } from "./indexedFiles.js";
import { deleteIndexFile, readIndexFile, writeIndexFile } from "./indexFile.js";
import type { StoredFile } from "./indexFormat.js";
import { isSourceFile, isSourceName, sourceFilesIn, type SourceFilesOptions } from "./sourceFiles.js";
import { isHandWritten, maxFileBytes, readSource, type FileStamp } from "./sourceText.js";
import { vocabularyHash } from "./vocabulary.js";

/** One workspace: about 20 MB of source and 60 MB of memory. */
const defaultLimits: IndexLimits = { bytes: 60 * 2 ** 20, files: 50_000 };
/** How long one step works before other work gets its turn. */
const stepMs = 5;
/** The index is saved when nothing has changed for this long. */
const saveDelayMs = 20_000;

export interface IndexerOptions {
  readonly tokenizer: Tokenizer;
  /** Full paths of the workspace folders. */
  readonly folders: readonly string[];
  /** By full path with `/` between its parts. */
  readonly isExcluded: (file: string) => boolean;
  /** The folder in which indexes are kept across restarts; undefined to keep none. */
  readonly storage: string | undefined;
  /** Smaller limits for tests. */
  readonly limits?: IndexLimits;
  /** Runs a short piece of work when nothing more urgent runs. @throws Cancelled after the indexer was replaced. */
  readonly step: <T>(work: () => T) => Promise<T>;
  readonly onError: (error: unknown) => void;
}

export interface IndexState {
  readonly isBuilding: boolean;
  readonly files: number;
  /** Files that did not fit. */
  readonly leftOut: number;
  readonly bytes: number;
}

/** Indexes the source files of a workspace: reads them once, keeps the index on disk and updates it file by file. */
export class WorkspaceIndexer {
  readonly #files: IndexedFiles;
  readonly #options: IndexerOptions;
  readonly #file: string | undefined;
  readonly #vocabulary: string;
  /** Texts that were left in the editor and are not indexed yet. */
  readonly #edits = new Map<string, string>();
  #leftOut = 0;
  /** How many jobs are queued or in progress. */
  #pending = 0;
  #isDisposed = false;
  #work: Promise<void> = Promise.resolve();
  #saveTimer: NodeJS.Timeout | undefined;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#files = new IndexedFiles(options.tokenizer.vocabularySize, options.limits ?? defaultLimits);
    this.#vocabulary = vocabularyHash(options.tokenizer);
    this.#file = options.storage && path.join(options.storage, `${nameOf(options.folders, this.#vocabulary)}.index`);
  }

  get index(): WorkspaceIndex {
    return this.#files.index;
  }

  get state(): IndexState {
    const { fileCount, bytes } = this.index;
    return { isBuilding: this.#pending > 0, files: fileCount, leftOut: this.#leftOut, bytes };
  }

  /** Loads the index that was kept on disk, then reads the files that are new or have changed. */
  start(): void {
    this.#enqueue(async () => {
      await this.#restore();
      await this.#scan();
    });
  }

  /** Files were created, changed or deleted. A changed .gitignore changes which files count. */
  changed(files: readonly string[]): void {
    const sources = files.filter((file) => isSourceName(path.basename(file)));
    const rescans = files.some((file) => path.basename(file) === ".gitignore");
    if (!rescans && sources.length === 0) return;
    this.#enqueue(async () => {
      if (rescans) await this.#scan();
      else for (const file of sources) await this.#update(file);
      await this.#compact();
      this.#saveSoon();
    });
  }

  /** Indexes the text that a file has in the editor, saved or not, if the file on disk is indexed. */
  edited(file: string, text: string): void {
    const isQueued = this.#edits.has(file);
    this.#edits.set(file, text);
    if (isQueued) return;
    this.#enqueue(async () => {
      const latest = this.#edits.get(file) ?? "";
      this.#edits.delete(file);
      // A text that would not be read from disk does not replace the one that was.
      if (!this.#files.has(file) || latest.length > maxFileBytes || !isHandWritten(latest)) return;
      await this.#set(file, latest, undefined);
      await this.#compact();
    });
  }

  /** Forgets everything, also on disk. */
  clear(): void {
    this.#enqueue(async () => {
      clearTimeout(this.#saveTimer);
      this.#files.clear();
      this.#leftOut = 0;
      if (this.#file !== undefined) await deleteIndexFile(this.#file);
    });
  }

  rebuild(): void {
    this.clear();
    this.#enqueue(() => this.#scan());
  }

  /** Resolves when no job is queued or in progress. */
  async settled(): Promise<void> {
    const work = this.#work;
    await work;
    if (work !== this.#work) await this.settled();
  }

  /** Writes changes to disk, if there are any. */
  async save(): Promise<void> {
    clearTimeout(this.#saveTimer);
    if (this.#file === undefined || !this.#files.isUnsaved) return;
    this.#files.isUnsaved = false;
    const files: StoredFile[] = [];
    let endMs = performance.now() + stepMs;
    for (const file of this.#files.stored()) {
      files.push(file);
      if (performance.now() < endMs) continue;
      await nextTurn();
      endMs = performance.now() + stepMs;
    }
    await writeIndexFile(this.#file, this.#vocabulary, files);
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    clearTimeout(this.#saveTimer);
    await this.settled();
  }

  /** Jobs run one after the other. After the disposal none begins, and the one in progress ends at its next step. */
  #enqueue(work: () => Promise<void>): void {
    this.#pending++;
    const next = this.#work.then(() => (this.#isDisposed ? undefined : work()));
    this.#work = next
      .catch((error: unknown) => {
        // After the disposal steps are refused; that is not an error.
        if (!this.#isDisposed) this.#options.onError(error);
      })
      .finally(() => this.#pending--);
  }

  async #restore(): Promise<void> {
    if (this.#file === undefined) return;
    const files = (await readIndexFile(this.#file, this.#vocabulary)) ?? [];
    for (const file of files) {
      await this.#options.step(() => {
        // What is excluded now leaves the index, whatever was excluded when it was saved.
        if (this.#options.isExcluded(slashed(file.path))) this.#files.isUnsaved = true;
        else this.#files.restore(file);
      });
    }
  }

  /** Reads the files that are new or have changed, and forgets those that are gone. */
  async #scan(): Promise<void> {
    const forgotten = await this.#readAll();
    // Files that are gone made room for some that were left out.
    if (forgotten > 0 && this.#leftOut > 0) await this.#readAll();
    if (this.#isDisposed) return;
    await this.#compact();
    // Without delay, because what is excluded now must leave the disk as well.
    if (this.#files.isUnsaved) await this.save();
  }

  /** @returns how many files were forgotten because they were not found. */
  async #readAll(): Promise<number> {
    this.#leftOut = 0;
    const found = new Set<string>();
    const changes: [file: string, source: { readonly text: string; readonly stamp: FileStamp }][] = [];
    const flush = async (): Promise<void> => {
      for (const [file, { text, stamp }] of changes.splice(0)) {
        if (!(await this.#set(file, text, stamp))) this.#leftOut++;
      }
      await this.#compact();
    };
    for (const folder of this.#options.folders) {
      for await (const file of sourceFilesIn(folder, this.#walkOptions())) {
        if (this.#isDisposed) return 0;
        if (!this.#files.has(file) && this.#files.isFull) {
          this.#leftOut++;
          continue;
        }
        found.add(file);
        const source = await readSource(file, this.#files.stampOf(file));
        if (source === undefined) this.#files.forget(file);
        else if (source !== "unchanged") changes.push([file, source]);
        if (changes.length >= 16) await flush();
      }
    }
    const gone = [...this.#files.paths].filter((file) => !found.has(file));
    for (const file of gone) this.#files.forget(file);
    await flush();
    return gone.length;
  }

  async #update(file: string): Promise<void> {
    const source = (await this.#isWanted(file)) ? await readSource(file, this.#files.stampOf(file)) : undefined;
    if (source === "unchanged") return;
    if (source === undefined) this.#files.forget(file);
    else await this.#set(file, source.text, source.stamp);
    await this.#compact();
  }

  async #isWanted(file: string): Promise<boolean> {
    for (const folder of this.#options.folders) {
      if (await isSourceFile(file, folder, this.#walkOptions())) return true;
    }
    return false;
  }

  /** @returns false if it does not fit. */
  #set(file: string, text: string, stamp: FileStamp | undefined): Promise<boolean> {
    const { tokenizer, step } = this.#options;
    return step(() => {
      const bytes = normalizedBytes(text, tokenizer.sentinelBytes);
      return this.#files.set(file, tokenize(tokenizer, bytes, 0, bytes.length), stamp);
    });
  }

  async #compact(): Promise<void> {
    if (!this.#files.needsCompaction) return;
    for (const compaction = this.index.compaction(); ;) {
      const isDone = await this.#options.step(() => {
        for (const endMs = performance.now() + stepMs; performance.now() < endMs;) {
          if (compaction.next().done === true) return true;
        }
        return false;
      });
      if (isDone) return;
    }
  }

  #saveSoon(): void {
    if (this.#file === undefined) return;
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => {
      this.#enqueue(() => this.save());
    }, saveDelayMs);
    this.#saveTimer.unref();
  }

  #walkOptions(): SourceFilesOptions {
    return {
      isExcluded: (file) => this.#options.isExcluded(slashed(file)),
      // Requests get their turn even if many folders in a row have no source files.
      beforeFolder: () => delay(0),
    };
  }
}

function slashed(file: string): string {
  return path.sep === "/" ? file : file.replaceAll(path.sep, "/");
}

function nameOf(folders: readonly string[], vocabulary: string): string {
  return createHash("sha256")
    .update([vocabulary, ...folders].join("\n"))
    .digest("hex")
    .slice(0, 24);
}
