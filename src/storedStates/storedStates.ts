import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { ArchivedPlace, ArchivedState, PlacesToSave, StateArchive } from "../core/states/stateArchive.js";
import { errorMessage } from "../shared/errorMessage.js";
import { BoundedFolder } from "./boundedFolder.js";
import { decodedPlaces, encodedPlaces } from "./placesFormat.js";
import { decodedState, encodedState, type StateModel } from "./stateFormat.js";

/** Maximum rate at which states are written in the background. */
const bytesPerSecond = 8 * 2 ** 20;
/** Share of the limit that the states of one document may take. */
const documentShare = 1 / 8;

export interface StoredStatesOptions {
  readonly folder: string;
  /** The loaded model. States of other models share the folder and its limit. */
  readonly model: StateModel;
  /** Returns the current limit of the folder; 0 to read and write nothing. */
  readonly maxBytes: () => number;
  /** Whether states of the document with this URI may be kept. */
  readonly isAllowed: (uri: string) => boolean;
  /** Called when a write fails, or the limit is too small for any state. The content of the folder remains valid. */
  readonly onError: (error: unknown) => void;
}

/**
 * States in a folder on disk: a file for each state, named by a hash of the state's key, and a file for each document,
 * which lists the document's places.
 */
export class StoredStates implements StateArchive {
  readonly #options: StoredStatesOptions;
  readonly #folder: BoundedFolder;
  /** Documents to save, by URI. */
  readonly #queue = new Map<string, PlacesToSave>();
  #saving: Promise<void> | undefined;
  /** `flush` aborts it to end the pauses between writes. */
  #hurry = new AbortController();
  #flushEndMs = Infinity;
  #lastFailure: string | undefined;
  #reportedLimit: number | undefined;

  constructor(options: StoredStatesOptions) {
    this.#options = options;
    this.#folder = new BoundedFolder(options.folder, [stateExtension, placesExtension]);
  }

  get maxDocumentBytes(): number {
    return this.#options.maxBytes() * documentShare;
  }

  async placesOf(uri: string): Promise<readonly ArchivedPlace[]> {
    if (!this.#options.isAllowed(uri)) return [];
    this.#checkLimit();
    return (await this.#read(this.#placesName(uri), (bytes) => decodedPlaces(bytes, this.#options.model.id))) ?? [];
  }

  async read(stateKey: string): Promise<ArchivedState | undefined> {
    const { model } = this.#options;
    return this.#read(this.#stateName(stateKey), (bytes) => decodedState(bytes, model, stateKey));
  }

  save(uri: string, document: PlacesToSave): void {
    this.#queue.set(uri, document);
    this.#saving ??= this.#saveAll().finally(() => (this.#saving = undefined));
  }

  async flush(maxMs: number): Promise<void> {
    this.#flushEndMs = performance.now() + maxMs;
    this.#hurry.abort();
    await this.#saving;
    this.#hurry = new AbortController();
    this.#flushEndMs = Infinity;
  }

  async #saveAll(): Promise<void> {
    for (let next = takeFirst(this.#queue); next !== undefined; next = takeFirst(this.#queue)) {
      const [uri, document] = next;
      if (this.#isOver()) continue; // the stored files of the document stay valid
      try {
        if (this.maxDocumentBytes > 0 && this.#options.isAllowed(uri)) await this.#saveDocument(uri, document);
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  async #saveDocument(uri: string, { places, find, onSaved }: PlacesToSave): Promise<void> {
    const before = await this.placesOf(uri);
    await this.#folder.scan(this.#options.maxBytes());
    const own = this.#placesName(uri);
    const wanted = new Set([own, ...places.map(({ stateKey }) => this.#stateName(stateKey))]);
    // `find` may read the document's older files, so these stay until all states have been written.
    const keeps = new Set([...wanted, ...before.map(({ stateKey }) => this.#stateName(stateKey))]);
    const kept: ArchivedPlace[] = [];
    try {
      for (const place of places) {
        if (await this.#keepState(place, find, keeps)) kept.push(place);
      }
    } finally {
      // Lists the states written so far, so that they can be found even if one could not be written.
      const text = Buffer.from(encodedPlaces(this.#options.model.id, kept));
      await this.#folder.write(own, [text], this.#options.maxBytes(), keeps);
      onSaved(kept);
    }
    this.#lastFailure = undefined;
    for (const { stateKey } of before) {
      const name = this.#stateName(stateKey);
      if (!wanted.has(name)) await this.#folder.delete(name);
    }
  }

  /** Writes a state unless the folder has it. @returns whether the folder has it now. */
  async #keepState(place: ArchivedPlace, find: PlacesToSave["find"], keeps: ReadonlySet<string>): Promise<boolean> {
    const name = this.#stateName(place.stateKey);
    if (this.#folder.has(name)) {
      await this.#folder.touch(name);
      return true;
    }
    const found = this.#isOver() ? undefined : await find(place);
    if (found === undefined) return false;
    const parts = encodedState(this.#options.model, place.stateKey, found);
    if (!(await this.#folder.write(name, parts, this.#options.maxBytes(), keeps))) return false;
    const ms = (found.state.data.byteLength / bytesPerSecond) * 1000;
    await delay(ms, undefined, { signal: this.#hurry.signal, ref: false }).catch(() => undefined); // `flush` aborts it
    return true;
  }

  /** If the limit is too small for any state, reports this once for each value of the limit. */
  #checkLimit(): void {
    const { model, maxBytes, onError } = this.#options;
    const [limit, stateBytes] = [maxBytes(), model.packedStateBytes ?? model.stateBytes];
    if (limit <= 0 || limit * documentShare >= stateBytes || limit === this.#reportedLimit) return;
    this.#reportedLimit = limit;
    const [takes, needed] = [stateBytes, stateBytes / documentShare].map((bytes) => Math.ceil(bytes / 2 ** 20));
    onError(
      new Error(
        `States are not stored: one of this model takes ${takes} MB, and the states of a document may take an eighth ` +
          `of rwkvCode.checkpointDiskMB. Set it to ${needed} or more, or to 0.`,
      ),
    );
  }

  /** Reports a failure, such as a full disk. Reports the same failure again only after a document has been saved. */
  #failed(error: unknown): void {
    const code = error instanceof Error && "code" in error ? String(error.code) : errorMessage(error);
    if (code === "ENOENT" || code === this.#lastFailure) return; // ENOENT: the folder has been cleared
    this.#lastFailure = code;
    const { folder, onError } = this.#options;
    const remedy = code === "ENOSPC" || code === "EDQUOT" ? "Free some space" : "Choose Clear Stored States";
    onError(
      new Error(`States cannot be stored in ${folder}: ${code}. ${remedy}, or set rwkvCode.checkpointDiskMB to 0.`),
    );
  }

  #isOver(): boolean {
    return performance.now() > this.#flushEndMs || this.#options.maxBytes() <= 0;
  }

  /** The decoded content of a file. Deletes the file if it is damaged or not ours. */
  async #read<T>(name: string, decode: (bytes: Buffer) => T | undefined): Promise<T | undefined> {
    if (this.#options.maxBytes() <= 0) return undefined;
    const bytes = await this.#folder.read(name);
    if (bytes === undefined) return undefined;
    try {
      const content = decode(bytes);
      if (content !== undefined) return content;
    } catch {
      // The file is damaged; it is deleted below.
    }
    await this.#folder.delete(name).catch((error: unknown) => {
      this.#failed(error);
    });
    return undefined;
  }

  #stateName(stateKey: string): string {
    return `${hashOf(this.#options.model.id, stateKey)}${stateExtension}`;
  }

  #placesName(uri: string): string {
    return `${hashOf(this.#options.model.id, uri)}${placesExtension}`;
  }
}

const stateExtension = ".state";
const placesExtension = ".places";

function hashOf(...texts: readonly string[]): string {
  return createHash("sha256").update(texts.join("\n")).digest("hex").slice(0, 32);
}

function takeFirst<K, V>(map: Map<K, V>): [K, V] | undefined {
  const [first] = map;
  if (first !== undefined) map.delete(first[0]);
  return first;
}
