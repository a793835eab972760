import { createHash } from "node:crypto";
import path from "node:path";
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Tokenizer } from "../core/model.js";
import { documentPath } from "../core/tokens/headerPath.js";
import { tokenize } from "../core/tokens/healing.js";
import { normalizedBytes } from "../core/tokens/normalize.js";
import { WorkspaceIndex } from "../core/workspace/workspaceIndex.js";
import { deleteIndexFile, readIndexFile, writeIndexFile } from "./indexFile.js";
import type { StoredFile } from "./indexFormat.js";
import { isSourceFile, isSourceName, sourceFilesIn, type SourceFilesOptions } from "./sourceFiles.js";
import { readSource, type FileStamp } from "./sourceText.js";
import { vocabularyHash } from "./vocabulary.js";

/** Limits of one workspace: about 20 MB of source and 60 MB of memory. */
const maxIndexBytes = 60 * 2 ** 20;
const maxFiles = 50_000;
/** How long one step works before others get their turn. */
const stepMs = 5;
/** Changes are written to disk once none has come for so long. */
const saveDelayMs = 20_000;

export interface IndexerOptions {
  readonly tokenizer: Tokenizer;
  /** Full paths of the workspace folders. */
  readonly folders: readonly string[];
  /** By full path with `/` between its parts. */
  readonly isExcluded: (file: string) => boolean;
  /** Where indexes are kept across restarts; undefined to keep none. */
  readonly storage: string | undefined;
  /** Runs a short piece of work when nothing more urgent runs. @throws Cancelled once the indexer is not wanted any more. */
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

/** Keeps an index of the source files of a workspace: read once, kept on disk, updated file by file. */
export class WorkspaceIndexer {
  readonly index: WorkspaceIndex;
  readonly #options: IndexerOptions;
  readonly #file: string | undefined;
  readonly #vocabulary: string;
  readonly #stamps = new Map<string, FileStamp>();
  #leftOut = 0;
  /** Pieces of work that were asked for and are not done. */
  #pending = 0;
  #isUnsaved = false;
  #isDisposed = false;
  #work: Promise<void> = Promise.resolve();
  #saveTimer: NodeJS.Timeout | undefined;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.index = new WorkspaceIndex(options.tokenizer.vocabularySize);
    this.#vocabulary = vocabularyHash(options.tokenizer);
    this.#file = options.storage && path.join(options.storage, `${nameOf(options.folders, this.#vocabulary)}.index`);
  }

  get state(): IndexState {
    const { fileCount, bytes } = this.index;
    return { isBuilding: this.#pending > 0, files: fileCount, leftOut: this.#leftOut, bytes };
  }

  /** Takes what was kept on disk, then reads what is new or has changed. */
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

  /** The text that a file has in the editor, saved or not. */
  edited(file: string, text: string): void {
    this.#enqueue(async () => {
      if (!this.#stamps.has(file)) return; // what is not indexed on disk is not indexed at all
      await this.#set(file, text, { modifiedMs: 0, bytes: 0 }); // read anew when the indexer starts again
    });
  }

  /** Forgets everything, also on disk. */
  clear(): void {
    this.#enqueue(async () => {
      clearTimeout(this.#saveTimer);
      this.index.clear();
      this.#stamps.clear();
      this.#leftOut = 0;
      this.#isUnsaved = false;
      if (this.#file !== undefined) await deleteIndexFile(this.#file);
    });
  }

  rebuild(): void {
    this.clear();
    this.#enqueue(() => this.#scan());
  }

  /** Resolves when everything that was asked for is done. */
  async settled(): Promise<void> {
    const work = this.#work;
    await work;
    if (work !== this.#work) await this.settled();
  }

  /** Writes changes to disk, if there are any. */
  async save(): Promise<void> {
    clearTimeout(this.#saveTimer);
    if (this.#file === undefined || !this.#isUnsaved) return;
    this.#isUnsaved = false;
    const files: StoredFile[] = [];
    let endMs = performance.now() + stepMs;
    for (const [file, stamp] of this.#stamps) {
      const tokens = this.index.tokensOf(keyOf(file));
      if (tokens !== undefined) files.push({ path: file, ...stamp, tokens });
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

  /** One after the other; a step ends the work once the indexer is disposed. */
  #enqueue(work: () => Promise<void>): void {
    this.#pending++;
    const next = this.#work.then(() => (this.#isDisposed ? undefined : work()));
    this.#work = next
      .catch((error: unknown) => {
        // A step that was refused because of the disposal is no error.
        if (!this.#isDisposed) this.#options.onError(error);
      })
      .finally(() => this.#pending--);
  }

  async #restore(): Promise<void> {
    if (this.#file === undefined) return;
    const files = (await readIndexFile(this.#file, this.#vocabulary)) ?? [];
    for (const { path: file, tokens, ...stamp } of files) {
      await this.#options.step(() => {
        // What is excluded now leaves the index, whatever excluded it when the index was saved.
        if (this.#options.isExcluded(slashed(file))) {
          this.#isUnsaved = true;
          return;
        }
        this.index.set(keyOf(file), tokens);
        this.#stamps.set(file, stamp);
      });
    }
  }

  /** Reads the files that are new or have changed, and forgets those that are gone. */
  async #scan(): Promise<void> {
    this.#leftOut = 0;
    const found = new Set<string>();
    const changes: [file: string, source: { readonly text: string; readonly stamp: FileStamp }][] = [];
    const flush = async (): Promise<void> => {
      for (const [file, { text, stamp }] of changes.splice(0)) await this.#set(file, text, stamp);
    };
    for (const folder of this.#options.folders) {
      for await (const file of sourceFilesIn(folder, this.#walkOptions())) {
        if (this.#isDisposed) return;
        if (found.size >= maxFiles || this.index.bytes >= maxIndexBytes) {
          this.#leftOut++;
          continue;
        }
        found.add(file);
        const source = await readSource(file, this.#stamps.get(file));
        if (source === undefined) this.#forget(file);
        else if (source !== "unchanged") changes.push([file, source]);
        if (changes.length >= 16) await flush();
      }
    }
    for (const file of [...this.#stamps.keys()]) if (!found.has(file)) this.#forget(file);
    await flush();
    await this.#compact();
    // At once: what is excluded now must leave the disk as well.
    if (this.#isUnsaved) await this.save();
  }

  async #update(file: string): Promise<void> {
    const folder = this.#options.folders.find((one) => file.startsWith(one + path.sep));
    const isWanted = folder !== undefined && (await isSourceFile(file, folder, this.#walkOptions()));
    const source = isWanted ? await readSource(file, this.#stamps.get(file)) : undefined;
    if (source === "unchanged") return;
    if (source === undefined || this.index.bytes >= maxIndexBytes) this.#forget(file);
    else await this.#set(file, source.text, source.stamp);
  }

  async #set(file: string, text: string, stamp: FileStamp): Promise<void> {
    const { tokenizer, step } = this.#options;
    await step(() => {
      const bytes = normalizedBytes(text, tokenizer.sentinelBytes);
      this.index.set(keyOf(file), tokenize(tokenizer, bytes, 0, bytes.length));
      this.#stamps.set(file, stamp);
      this.#isUnsaved = true;
    });
  }

  #forget(file: string): void {
    this.index.delete(keyOf(file));
    if (this.#stamps.delete(file)) this.#isUnsaved = true;
  }

  async #compact(): Promise<void> {
    if (!this.index.isSparse) return;
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
      // Lets requests in between, however many folders have nothing to read.
      beforeFolder: () => delay(0),
    };
  }
}

/** As the core names documents. */
function keyOf(file: string): string {
  return documentPath(pathToFileURL(file).href);
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
