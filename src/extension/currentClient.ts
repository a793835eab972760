/** The part of `LanguageClient` that is needed to start and stop it. */
export interface StartableClient {
  start(): Promise<void>;
  /** Stops the client. @throws Error if the client is still starting, or if stopping takes too long. */
  dispose(): Promise<void>;
  isRunning(): boolean;
  /** Whether the client is running or starting. */
  needsStop(): boolean;
}

export interface CurrentClientOptions<Client> {
  /** @param isCurrent returns false once the client has been dropped. Events of a dropped client must be ignored. */
  readonly make: (isCurrent: () => boolean) => Client;
  /** Called when a dropped client has stopped, before another one starts. */
  readonly onStopped: () => void;
  /** Called when a client took too long to stop and was killed. */
  readonly onLateStop: (error: unknown) => void;
}

/** Holds the one client that is in use. A client that failed to start or was dropped is never reused. */
export class CurrentClient<Client extends StartableClient> {
  readonly #options: CurrentClientOptions<Client>;
  #client: Client | undefined;
  /**
   * Resolves when all dropped clients have stopped. Two clients at once would mix up which documents the server has
   * open.
   */
  #allStopped: Promise<void> = Promise.resolve();

  constructor(options: CurrentClientOptions<Client>) {
    this.#options = options;
  }

  get running(): Client | undefined {
    return this.#client?.isRunning() === true ? this.#client : undefined;
  }

  /** Starts a client if none is running. @throws Error if it fails to start, unless it was dropped in the meantime. */
  async start(): Promise<void> {
    await this.#allStopped;
    const client = (this.#client ??= this.#newClient());
    try {
      await client.start();
    } catch (error) {
      if (this.#client !== client) return;
      await this.drop();
      throw error;
    }
  }

  /** Stops the client, whatever its state. */
  async drop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) this.#allStopped = this.#allStopped.then(() => this.#end(client));
    await this.#allStopped;
  }

  #newClient(): Client {
    const client = this.#options.make(() => this.#client === client);
    return client;
  }

  async #end(client: Client): Promise<void> {
    const isStarting = client.needsStop() && !client.isRunning();
    if (isStarting) await client.start().catch(() => undefined); // the caller of start() gets the error
    try {
      await client.dispose();
    } catch (error) {
      this.#options.onLateStop(error);
    }
    this.#options.onStopped();
  }
}
