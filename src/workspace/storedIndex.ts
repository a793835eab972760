import { createHash } from "node:crypto";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { IndexedFiles } from "./indexedFiles.js";
import { deleteIndexFile, readIndexFile, writeIndexFile } from "./indexFile.js";
import type { StoredFile } from "./indexFormat.js";

/** Time for which files are copied before other work can run. */
const turnMs = 5;

/** The index of a workspace as it is kept on disk across restarts. */
export class StoredIndex {
  readonly #file: string;
  readonly #vocabulary: string;
  /** The value of `IndexedFiles.changes` when the index was last saved. */
  #savedChanges = 0;
  #saving: Promise<void> = Promise.resolve();

  /** @param storage the folder of all indexes. @param folders full paths of the workspace folders. */
  constructor(storage: string, folders: readonly string[], vocabulary: string) {
    const hash = createHash("sha256")
      .update([vocabulary, ...folders].join("\n"))
      .digest("hex");
    this.#file = path.join(storage, `${hash.slice(0, 24)}.index`);
    this.#vocabulary = vocabulary;
  }

  /** The stored files; empty if there is no usable index. */
  async read(): Promise<readonly StoredFile[]> {
    return (await readIndexFile(this.#file, this.#vocabulary)) ?? [];
  }

  /** Writes the files if they have changed since the last successful save. @throws the file system's error. */
  save(files: IndexedFiles): Promise<void> {
    const saving = this.#saving.then(() => this.#save(files));
    this.#saving = saving.catch(() => undefined); // the caller gets the error
    return saving;
  }

  /** Deletes the stored index. @param files the index, now empty. It counts as saved until it changes. */
  async delete(files: IndexedFiles): Promise<void> {
    await this.#saving;
    await deleteIndexFile(this.#file);
    this.#savedChanges = files.changes;
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await this.#saving;
  }

  async #save(files: IndexedFiles): Promise<void> {
    const { changes } = files;
    if (changes === this.#savedChanges) return;
    const stored: StoredFile[] = [];
    let endMs = performance.now() + turnMs;
    for (const file of files.stored()) {
      stored.push(file);
      if (performance.now() < endMs) continue;
      await nextTurn();
      endMs = performance.now() + turnMs;
    }
    await writeIndexFile(this.#file, this.#vocabulary, stored);
    this.#savedChanges = changes; // even if the index was too large to be kept
  }
}
