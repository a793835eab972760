/** A message as received. It is not validated, so its fields may have any type. */
export type RawMessage = Readonly<Record<string, unknown>>;

/** The error code of a response; undefined if it has a result. */
export function codeOf({ error }: RawMessage): number | undefined {
  return (error as { code: number } | undefined)?.code;
}

/** A language client that uses no LSP library, so that tests can send any bytes. */
export abstract class MessageClient {
  readonly received: RawMessage[] = [];
  /** Responds to a request from the server. If it returns undefined, no response is sent. */
  onRequest: (method: string, params: unknown) => unknown = () => null;
  #buffer = Buffer.alloc(0);
  readonly #waiting = new Set<() => void>();
  #nextId = 1;

  /** The server's output on standard error. */
  abstract readonly stderr: string;
  /** Whether the server has ended. */
  abstract readonly isGone: boolean;
  abstract bytes(data: string | Uint8Array): void;

  /** Sends `body` as a message, even if it is not valid JSON. */
  raw(body: string): void {
    this.bytes(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  send(message: unknown): void {
    this.raw(JSON.stringify(message));
  }

  notify(method: string, params?: unknown): void {
    this.send({ jsonrpc: "2.0", method, params });
  }

  /** Sends a request without waiting. @returns its id */
  ask(method: string, params?: unknown): number {
    const id = this.#nextId++;
    this.send({ jsonrpc: "2.0", id, method, params });
    return id;
  }

  /** Sends a request. @returns the response, which has `result` or `error`. */
  async request(method: string, params?: unknown): Promise<RawMessage> {
    return this.answerTo(this.ask(method, params));
  }

  answerTo(id: unknown): Promise<RawMessage> {
    return this.waitFor((message) => message["method"] === undefined && message["id"] === id);
  }

  /**
   * Waits for a message for which `fits` returns true, unless one was already received.
   * @returns the first such message. @throws Error if the server exits first.
   */
  waitFor(fits: (message: RawMessage) => boolean): Promise<RawMessage> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const message = this.received.find(fits);
        if (message === undefined && !this.isGone) return;
        this.#waiting.delete(look);
        if (message === undefined) reject(new Error(`the server ended: ${this.stderr}`));
        else resolve(message);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async initialize(params: Readonly<Record<string, unknown>> = {}): Promise<RawMessage> {
    const answer = await this.request("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities: { textDocument: { inlineCompletion: {} } },
      ...params,
    });
    this.notify("initialized", {});
    return answer;
  }

  open(uri: string, text: string, languageId = "typescript"): void {
    this.notify("textDocument/didOpen", { textDocument: { uri, languageId, version: 1, text } });
  }

  /** Requests completions. @returns the items' texts. @param triggerKind 1: invoked, 2: automatic. */
  async complete(uri: string, line: number, character: number, triggerKind = 1): Promise<readonly string[]> {
    const context = { triggerKind };
    const params = { textDocument: { uri }, position: { line, character }, context };
    const { result, error } = await this.request("textDocument/inlineCompletion", params);
    if (error !== undefined) throw new Error(JSON.stringify(error));
    const items = (Array.isArray(result) ? result : []) as readonly { readonly insertText: string }[];
    return items.map(({ insertText }) => insertText);
  }

  /** Some of the server's statistics. `uris` are the documents that the model's engine has open. */
  async statistics(): Promise<{ readonly uris: readonly string[]; readonly asked: number; readonly rssBytes: number }> {
    const { result } = await this.request("rwkv/statistics");
    const { documents, requests, memory } = result as {
      readonly documents: readonly { readonly uri: string }[];
      readonly requests: { readonly asked: number };
      readonly memory: { readonly rssBytes: number };
    };
    return { uris: documents.map(({ uri }) => uri), asked: requests.asked, rssBytes: memory.rssBytes };
  }

  /** Everything that the server logged or showed, as one text. */
  get log(): string {
    const methods = ["window/logMessage", "window/showMessage", "$/logTrace"];
    const said = this.received.filter(({ method }) => methods.includes(String(method)));
    return this.stderr + said.map(({ params }) => JSON.stringify(params)).join("\n");
  }

  /** Call when bytes from the server arrive. */
  protected read(data: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, data]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(this.#buffer.toString("latin1"));
      if (header === null) return;
      const end = header[0].length + Number(header[1]);
      if (this.#buffer.length < end) return;
      const message = JSON.parse(this.#buffer.subarray(header[0].length, end).toString()) as RawMessage;
      this.#buffer = this.#buffer.subarray(end);
      this.received.push(message);
      const { method } = message;
      if (typeof method === "string" && message["id"] !== undefined) {
        const result = this.onRequest(method, message["params"]);
        if (result !== undefined) this.send({ jsonrpc: "2.0", id: message["id"], result });
      }
      this.look();
    }
  }

  /** Call when the server has sent a message or has ended. */
  protected look(): void {
    for (const look of this.#waiting) look();
  }
}
