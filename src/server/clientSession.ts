import type { InitializeParams, WorkspaceFoldersChangeEvent } from "vscode-languageserver";
import { clientOf, type Client } from "./client.js";

/**
 * The state of the session with the client: its declarations, its workspace folders, and whether its settings have
 * arrived.
 */
export class ClientSession {
  #client: Client | undefined;
  #folders: readonly string[] = [];
  #isConfigured = false;
  #onConfigured: () => void = () => undefined;
  /** Resolves when the client's settings have arrived, or the server stops waiting for them. */
  readonly configured = new Promise<void>((resolve) => (this.#onConfigured = resolve));

  /** Undefined before the client has initialized the server. */
  get client(): Client | undefined {
    return this.#client;
  }

  /** URIs of the workspace folders. */
  get folders(): readonly string[] {
    return this.#folders;
  }

  get isConfigured(): boolean {
    return this.#isConfigured;
  }

  initialize(params: InitializeParams): Client {
    this.#client = clientOf(params);
    this.#folders = this.#client.folders;
    return this.#client;
  }

  foldersChanged({ added, removed }: WorkspaceFoldersChangeEvent): void {
    const gone = new Set(removed.map(({ uri }) => uri));
    this.#folders = [...this.#folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)];
  }

  settingsArrived(): void {
    this.#isConfigured = true;
    this.#onConfigured();
  }
}
