import path from "node:path";
import type { Tokenizer } from "../core/model.js";
import { tokenize } from "../core/tokens/healing.js";
import { normalizedBytes } from "../core/tokens/normalize.js";
import type { WorkspaceIndex } from "../core/workspace/workspaceIndex.js";
import { IndexedFiles, type IndexLimits } from "./indexedFiles.js";
import type { FileStamp } from "./regularFile.js";
import { isSourceName } from "./sourceFiles.js";
import { SourceFolders } from "./sourceFolders.js";
import { isHandWritten, maxFileBytes, readSource } from "./sourceText.js";
import { StoredIndex } from "./storedIndex.js";
import { vocabularyHash } from "./vocabulary.js";

/** The limits for one workspace. About 20 MB of source take up 60 MB of memory. */
const defaultLimits: IndexLimits = { bytes: 60 * 2 ** 20, files: 50_000 };
/** Time for which one step works before other work can run. */
const stepMs = 5;
/** The index is saved when nothing has changed for this long. */
const saveDelayMs = 20_000;
/** If more files than this change at once, for instance in a checkout, the whole workspace is scanned instead. */
const maxUpdates = 500;

export interface IndexerOptions {
  readonly tokenizer: Tokenizer;
  /** Full paths of the workspace folders. */
  readonly folders: readonly string[];
  /** Whether the file with this full path must not be indexed. The path has `/` as the separator. */
  readonly isExcluded: (file: string) => boolean;
  /** The folder in which indexes are kept across restarts; undefined to keep none. */
  readonly storage: string | undefined;
  /** Smaller limits for tests. */
  readonly limits?: IndexLimits;
  /**
   * Runs a short piece of work when nothing more urgent is waiting.
   * @throws Cancelled after the indexer was replaced.
   */
  readonly step: <T>(work: () => T) => Promise<T>;
  readonly onError: (error: unknown) => void;
  /** Receives a sentence for the log: which files are left out, and why, if the user can remove the reason. */
  readonly onLeftOut: (message: string) => void;
}

export interface IndexState {
  readonly isBuilding: boolean;
  readonly files: number;
  /** Number of files that were left out because the index is full. */
  readonly leftOut: number;
  readonly bytes: number;
}

/** Indexes the source files of a workspace: reads them once, keeps the index on disk and updates it file by file. */
export class WorkspaceIndexer {
  readonly #files: IndexedFiles;
  readonly #options: IndexerOptions;
  readonly #sources: SourceFolders;
  readonly #stored: StoredIndex | undefined;
  /** Texts from the editor that are not indexed yet, by path. The user has left these documents. */
  readonly #edits = new Map<string, string>();
  #leftOut = 0;
  /** Number of jobs that are queued or in progress. */
  #pending = 0;
  #isScanQueued = false;
  /** If false, changes of files are not indexed: before the start, and after the index was cleared. */
  #isFollowing = false;
  #isDisposed = false;
  #endJob: () => void = () => undefined;
  readonly #disposal = new Promise<void>((resolve) => (this.#endJob = resolve));
  #work: Promise<void> = Promise.resolve();
  #saveTimer: NodeJS.Timeout | undefined;

  constructor(options: IndexerOptions) {
    const { tokenizer, folders, storage, isExcluded, onLeftOut } = options;
    this.#options = options;
    this.#files = new IndexedFiles(tokenizer.vocabularySize, options.limits ?? defaultLimits);
    this.#sources = new SourceFolders(folders, { isExcluded: (file) => isExcluded(slashed(file)), onLeftOut });
    this.#stored = storage === undefined ? undefined : new StoredIndex(storage, folders, vocabularyHash(tokenizer));
  }

  get index(): WorkspaceIndex {
    return this.#files.index;
  }

  get state(): IndexState {
    const { fileCount, bytes } = this.index;
    return { isBuilding: this.#pending > 0, files: fileCount, leftOut: this.#leftOut, bytes };
  }

  /**
   * Loads the index that was kept on disk, then reads the files that are new or have changed.
   * @param afterwards is awaited first, because an indexer that this one replaces may still be writing.
   */
  start(afterwards: Promise<void> = Promise.resolve()): void {
    this.#isFollowing = true;
    this.#enqueue(async () => {
      await afterwards;
      await this.#restore();
      await this.#scan();
    });
  }

  /**
   * Call when files were created, changed or deleted. If a .gitignore is among them, the workspace is scanned again.
   */
  changed(files: readonly string[]): void {
    const sources = files.filter((file) => isSourceName(path.basename(file)));
    const rescans = files.some((file) => path.basename(file) === ".gitignore");
    if (!this.#isFollowing || (!rescans && sources.length === 0)) return;
    if (rescans || sources.length > maxUpdates) {
      this.#scanSoon();
      return;
    }
    this.#enqueue(async () => {
      for (const file of sources) await this.#update(file);
      await this.#compact();
      this.#saveSoon();
    });
  }

  /** Replaces a file's indexed text by its text in the editor, saved or not. Ignores a file that is not indexed. */
  edited(file: string, text: string): void {
    if (!this.#isFollowing) return;
    const isQueued = this.#edits.has(file);
    this.#edits.set(file, text);
    if (isQueued) return;
    this.#enqueue(async () => {
      const latest = this.#edits.get(file) ?? "";
      this.#edits.delete(file);
      // A text that would not be indexed if it were on disk does not replace the indexed text.
      if (!this.#files.has(file) || latest.length > maxFileBytes || !isHandWritten(latest)) return;
      // The file may have become a link, or may be ignored now.
      if ((await this.#sources.folderOf(file)) === undefined) this.#files.forget(file);
      else await this.#set(file, latest, undefined);
      await this.#compact();
    });
  }

  /** Deletes the index, in memory and on disk, and ignores changes of files until the index is rebuilt. */
  clear(): void {
    this.#isFollowing = false;
    this.#enqueue(() => this.#clear());
  }

  rebuild(): void {
    this.#isFollowing = true;
    this.#enqueue(async () => {
      await this.#clear();
      await this.#scan();
    });
  }

  /** Resolves when no job is queued or in progress. */
  async settled(): Promise<void> {
    const work = this.#work;
    await work;
    if (work !== this.#work) await this.settled();
  }

  /** Writes the index to disk if it has changed. @throws the file system's error. */
  async save(): Promise<void> {
    clearTimeout(this.#saveTimer);
    await this.#stored?.save(this.#files);
  }

  /** Resolves when nothing is being written. Does not wait for files that are being read, because a drive may hang. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    clearTimeout(this.#saveTimer);
    this.#endJob();
    await this.settled();
    await this.#stored?.settled();
  }

  /** Jobs run one after the other. After the disposal, no job begins, and the current one stops at its next step. */
  #enqueue(work: () => Promise<void>): void {
    this.#pending++;
    const next = this.#work.then(() => (this.#isDisposed ? undefined : Promise.race([work(), this.#disposal])));
    this.#work = next
      .catch((error: unknown) => {
        // After the disposal, `step` throws Cancelled; that is not an error.
        if (!this.#isDisposed) this.#options.onError(error);
      })
      .finally(() => this.#pending--);
  }

  #scanSoon(): void {
    if (this.#isScanQueued) return;
    this.#isScanQueued = true;
    this.#enqueue(async () => {
      this.#isScanQueued = false;
      await this.#scan();
    });
  }

  async #clear(): Promise<void> {
    clearTimeout(this.#saveTimer);
    this.#files.clear();
    this.#leftOut = 0;
    await this.#stored?.delete(this.#files);
  }

  async #restore(): Promise<void> {
    for (const file of (await this.#stored?.read()) ?? []) {
      await this.#options.step(() => {
        // The settings may have changed since the index was saved, so newly excluded files must leave it.
        if (this.#options.isExcluded(slashed(file.path))) this.#files.drop();
        else this.#files.restore(file);
      });
    }
  }

  /** Reads the files that are new or have changed, and forgets those that are gone. */
  async #scan(): Promise<void> {
    const forgotten = await this.#readAll();
    // The forgotten files may have made room for files that were left out.
    if (forgotten > 0 && this.#leftOut > 0) await this.#readAll();
    if (this.#isDisposed || !this.#isFollowing) return;
    await this.#compact();
    // Saves without delay, because newly excluded files must also disappear from the index on disk.
    await this.save();
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
    for await (const { file, folder } of this.#sources.files()) {
      if (this.#isDisposed || !this.#isFollowing) return 0;
      if (!this.#files.has(file) && this.#files.isFull) {
        this.#leftOut++;
        continue;
      }
      found.add(file);
      const source = await readSource(file, folder, this.#files.stampOf(file));
      if (source === undefined) this.#files.forget(file);
      else if (source !== "unchanged") changes.push([file, source]);
      if (changes.length >= 16) await flush();
    }
    const gone = [...this.#files.paths].filter((file) => !found.has(file));
    for (const file of gone) this.#files.forget(file);
    await flush();
    return gone.length;
  }

  async #update(file: string): Promise<void> {
    const folder = await this.#sources.folderOf(file);
    const source = folder && (await readSource(file, folder, this.#files.stampOf(file)));
    if (source === "unchanged") return;
    if (source === undefined) this.#files.forget(file);
    else await this.#set(file, source.text, source.stamp);
    await this.#compact();
  }

  /** Indexes a text. @returns false if it does not fit. */
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
    if (this.#stored === undefined) return;
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => {
      this.#enqueue(() => this.save());
    }, saveDelayMs);
    this.#saveTimer.unref();
  }
}

function slashed(file: string): string {
  return path.sep === "/" ? file : file.replaceAll(path.sep, "/");
}
