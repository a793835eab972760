import type { CancellationToken } from "vscode";
import type { FakeUri } from "./fakeUri.js";
import { State, type LanguageClient, type LanguageClientOptions } from "vscode-languageclient/node";

interface Message {
  readonly method: string;
  readonly params: unknown;
}

type Method = string | { readonly method: string };

const nameOf = (method: Method): string => (typeof method === "string" ? method : method.method);

/**
 * A stand-in for the library's client and its server. The test sets the results of requests and sends the server's
 * notifications.
 */
export class FakeLanguageClient {
  readonly options: LanguageClientOptions;
  /** Notifications and requests that were sent to the server. */
  readonly received: Message[] = [];
  /** The result of each request, by method. If it is an Error, the request fails with it. */
  readonly results = new Map<string, unknown>();
  /** If set, starting the server fails with this error. */
  startFailure: Error | undefined;
  /** If set, stopping the server fails with this error. */
  stopFailure: Error | undefined;
  /** The listeners of streamed results, by token. */
  readonly streams = new Map<string, (delta: unknown) => void>();
  /** Called when a request arrives. */
  onRequest: (method: string) => void = () => undefined;
  readonly #notified = new Map<string, (params: unknown) => void>();
  #onState: (change: { readonly newState: State }) => void = () => undefined;
  #isRunning = false;

  constructor(options: LanguageClientOptions) {
    this.options = options;
  }

  readonly code2ProtocolConverter = {
    asOpenTextDocumentParams: ({ uri }: { readonly uri: FakeUri }) => ({ opened: String(uri) }),
    asCloseTextDocumentParams: ({ uri }: { readonly uri: FakeUri }) => ({ closed: String(uri) }),
  };

  async start(): Promise<void> {
    if (this.startFailure !== undefined) throw this.startFailure;
    if (!this.#isRunning) this.restarted();
  }

  async dispose(): Promise<void> {
    this.#isRunning = false;
    if (this.stopFailure !== undefined) throw this.stopFailure;
  }

  isRunning(): boolean {
    return this.#isRunning;
  }

  needsStop(): boolean {
    return this.#isRunning;
  }

  onNotification(method: string, listener: (params: unknown) => void): void {
    this.#notified.set(method, listener);
  }

  onDidChangeState(listener: (change: { readonly newState: State }) => void): void {
    this.#onState = listener;
  }

  onProgress(_: unknown, token: string, listener: (delta: unknown) => void): { readonly dispose: () => void } {
    this.streams.set(token, listener);
    return { dispose: () => this.streams.delete(token) };
  }

  async sendNotification(method: Method, params: unknown): Promise<void> {
    this.received.push({ method: nameOf(method), params });
  }

  async sendRequest(method: Method, params?: unknown, token?: CancellationToken): Promise<unknown> {
    this.received.push({ method: nameOf(method), params });
    this.onRequest(nameOf(method));
    const result = this.results.get(nameOf(method));
    if (token?.isCancellationRequested === true) throw new Error("cancelled");
    if (result instanceof Error) throw result;
    return result;
  }

  /** Simulates a notification from the server. */
  notifies(method: string, params: object = {}): void {
    this.#notified.get(method)!(params);
  }

  restarted(): void {
    this.#isRunning = true;
    this.#onState({ newState: State.Running });
  }

  /** Simulates the end of the server's process. @returns what the client's error handler decides. */
  async crashed(): Promise<unknown> {
    this.#isRunning = false;
    this.#onState({ newState: State.Stopped });
    return this.options.errorHandler!.closed();
  }

  get asClient(): LanguageClient {
    return this as unknown as LanguageClient; // has all members that are used
  }
}
