import { fileURLToPath, pathToFileURL } from "node:url";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { WorkspaceIndexParams, WorkspaceIndexState } from "../shared/workspaceIndexState.js";
import type { CompletionEngine } from "../core/engine/completionEngine.js";
import { exclusionOf } from "../shared/exclusion.js";
import type { ServerSettings } from "../shared/protocol.js";
import { WorkspaceIndexer } from "../workspace/workspaceIndexer.js";
import { isExcludedIn } from "./documentGate.js";

export interface WorkspaceContextOptions {
  /** The engine of the loaded model, if any. */
  readonly engine: () => Pick<CompletionEngine, "model" | "workspace" | "runInBackground"> | undefined;
  readonly settings: () => ServerSettings;
  /** URIs of the workspace folders. */
  readonly folders: () => readonly string[];
  /** Whether the settings exclude a file, by URI. */
  readonly isExcluded: (uri: string) => boolean;
  /** The folder in which indexes are kept; undefined if the client offers none. */
  readonly storage: () => string | undefined;
  readonly onError: (error: unknown) => void;
  /** Receives a sentence for the log about files that are not indexed for a reason that the user can remedy. */
  readonly onLeftOut: (message: string) => void;
}

/** Keeps the workspace indexed for the loaded model if the settings ask for it. */
export class WorkspaceContext {
  readonly #options: WorkspaceContextOptions;
  #indexer: WorkspaceIndexer | undefined;
  #engine: ReturnType<WorkspaceContextOptions["engine"]>;
  /** Identifies the folders and settings that the indexer was created for. */
  #key = "";
  /** True after the user cleared the index: it is not built again until they ask for it or the server restarts. */
  #isCleared = false;
  /** Resolves when all replaced indexers have stopped writing. */
  #ended: Promise<unknown> = Promise.resolve();
  /** By URI: the version of an open document whose text was indexed last. */
  readonly #indexedVersions = new Map<string, number>();

  constructor(options: WorkspaceContextOptions) {
    this.#options = options;
  }

  /** Call when the model, settings or folders may have changed: starts, replaces or stops the indexer. */
  update(): void {
    const engine = this.#options.engine();
    const { workspaceContext, exclude, workspaceExclude } = this.#options.settings();
    const folders = workspaceContext ? this.#options.folders().flatMap(localPath) : [];
    const key = JSON.stringify([folders, exclude, workspaceExclude, this.#options.storage()]);
    if (engine === this.#engine && key === this.#key) return;
    const disposal = this.dispose();
    this.#engine = engine;
    this.#key = key;
    if (engine === undefined || folders.length === 0) return;
    const cancellation = { isCancellationRequested: false };
    const exclusion = exclusionOf(workspaceExclude);
    const indexer = new WorkspaceIndexer({
      tokenizer: engine.model.tokenizer,
      folders,
      isExcluded: (file) => {
        const uri = pathToFileURL(file).href;
        return this.#options.isExcluded(uri) || isExcludedIn({ exclusion }, uri, this.#options.folders());
      },
      storage: this.#options.storage(),
      step: (work) => engine.runInBackground(work, cancellation),
      onError: this.#options.onError,
      onLeftOut: this.#options.onLeftOut,
    });
    this.#indexer = indexer;
    this.#cancel = () => (cancellation.isCancellationRequested = true);
    engine.workspace = indexer.index;
    // The old indexer may still be writing text that is excluded now, so the new one waits and writes last.
    if (!this.#isCleared) indexer.start(disposal);
  }

  /** Call when files were created, changed, deleted or closed. Indexes their text on disk. */
  changed(uris: readonly string[]): void {
    for (const uri of uris) this.#indexedVersions.delete(uri);
    this.#indexer?.changed(uris.flatMap(localPath));
  }

  /**
   * Call after a document was saved. Indexes its text from the file, so `left` does not index that version again.
   */
  saved({ uri, version }: TextDocument): void {
    this.changed([uri]);
    this.#indexedVersions.set(uri, version);
  }

  /**
   * Call when the user leaves a document. Its text is indexed, saved or not, if it has changed since it was last left
   * or saved.
   */
  left(document: TextDocument): void {
    const { uri, version } = document;
    if (this.#indexer === undefined || this.#indexedVersions.get(uri) === version) return;
    this.#indexedVersions.set(uri, version);
    for (const file of localPath(uri)) this.#indexer.edited(file, document.getText());
  }

  /** @returns null if nothing is indexed: there is no model or no folder, or the setting is off. */
  async answer({ action }: WorkspaceIndexParams): Promise<WorkspaceIndexState | null> {
    if (action !== "state") this.#indexedVersions.clear();
    if (action === "rebuild") {
      this.#isCleared = false;
      this.#indexer?.rebuild();
    }
    if (action === "clear" && this.#indexer !== undefined) {
      this.#isCleared = true;
      this.#indexer.clear();
      await this.#indexer.settled();
    }
    return this.#indexer?.state ?? null;
  }

  /** Saves the index, then stops indexing. */
  async close(): Promise<void> {
    await this.#indexer?.save();
    await this.dispose();
  }

  async dispose(): Promise<void> {
    const indexer = this.#indexer;
    this.#indexer = undefined;
    this.#indexedVersions.clear();
    if (this.#engine !== undefined) this.#engine.workspace = undefined;
    this.#engine = undefined;
    this.#key = "";
    this.#cancel();
    this.#ended = Promise.all([this.#ended, indexer?.dispose()]);
    await this.#ended;
  }

  #cancel: () => void = () => undefined;
}

/** The path of a local file; empty for other URIs. */
function localPath(uri: string): string[] {
  try {
    return new URL(uri).protocol === "file:" ? [fileURLToPath(uri).replace(/(?<=.)[/\\]$/, "")] : [];
  } catch {
    return []; // a URI that names no path on this system
  }
}
