/** What matters of a `LanguageClient` to whoever starts and drops it. */
export interface StartableClient {
  start(): Promise<void>;
  /** Stops it. @throws while it is being started, and where it takes too long. */
  dispose(): Promise<void>;
  isRunning(): boolean;
  /** Whether it runs, or is being started. */
  needsStop(): boolean;
}

export interface CurrentClientOptions<Client> {
  /** @param isCurrent false once the client is dropped: what it still says then is about nothing that counts. */
  readonly make: (isCurrent: () => boolean) => Client;
  /** A client was dropped and is gone; the next one begins after this. */
  readonly onGone: () => void;
  /** It took too long to stop and was killed: nothing is left of it either way. */
  readonly onLateStop: (error: unknown) => void;
}

/** The one client that is in use. One that failed to start, or was dropped, is not used again. */
export class CurrentClient<Client extends StartableClient> {
  readonly #options: CurrentClientOptions<Client>;
  #client: Client | undefined;
  /** Resolves when all that were dropped are gone: two at a time would tell the server's documents from each other's. */
  #allGone: Promise<void> = Promise.resolve();

  constructor(options: CurrentClientOptions<Client>) {
    this.#options = options;
  }

  get running(): Client | undefined {
    return this.#client?.isRunning() === true ? this.#client : undefined;
  }

  /** Starts one where none runs. @throws where it does not start, and nobody dropped it meanwhile. */
  async start(): Promise<void> {
    await this.#allGone;
    const client = (this.#client ??= this.#made());
    try {
      await client.start();
    } catch (error) {
      if (this.#client !== client) return;
      await this.drop();
      throw error;
    }
  }

  /** Ends the client, whatever state it is in. */
  async drop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) this.#allGone = this.#allGone.then(() => this.#end(client));
    await this.#allGone;
  }

  #made(): Client {
    const client = this.#options.make(() => this.#client === client);
    return client;
  }

  async #end(client: Client): Promise<void> {
    const isStarting = client.needsStop() && !client.isRunning();
    if (isStarting) await client.start().catch(() => undefined); // whoever started it hears of that
    try {
      await client.dispose();
    } catch (error) {
      this.#options.onLateStop(error);
    }
    this.#options.onGone();
  }
}
