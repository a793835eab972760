import { createHash } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";

/** How the hub's second host answers a request for a file's bytes. */
export type FakeAnswer =
  /** The connection breaks off after this many bytes. */
  | { readonly kind: "cut"; readonly bytes: number }
  /** Nothing more is sent after this many bytes. */
  | { readonly kind: "stall"; readonly bytes: number }
  /** The range is ignored: the response has status 200 and the whole file. */
  | { readonly kind: "whole" }
  | { readonly kind: "status"; readonly status: number; readonly headers?: http.OutgoingHttpHeaders }
  | { readonly kind: "page" }
  /** The file's bytes with one wrong byte, at this offset in the response. */
  | { readonly kind: "wrongByte"; readonly at: number };

export interface FakeFile {
  bytes: Buffer;
  /** Entity tag of the second host's response; none if absent. */
  etag?: string;
  /** Checksum and size in the headers of the redirect; no such headers if absent. */
  announces?: { readonly sha256?: string; readonly bytes?: number };
  /** The address that the hub redirects to; by default, that of the file on the second host. */
  redirect?: string;
  /** The content type of the response. */
  type?: string;
}

export interface SeenRequest {
  readonly host: "hub" | "store";
  readonly path: string;
  readonly method: string;
  readonly headers: http.IncomingHttpHeaders;
}

/**
 * A hub that behaves like Hugging Face and ModelScope: the first host redirects to a signed URL on a second host, which
 * serves the bytes. Both hosts are 127.0.0.1, on different ports.
 */
export class FakeHub {
  /** The files on the hub, by URL path. */
  readonly files = new Map<string, FakeFile>();
  /** Handlers for URL paths that are not files. */
  readonly pages = new Map<string, (request: http.IncomingMessage, response: http.ServerResponse) => void>();
  /** The answers to the next requests for bytes. After the last one, requests succeed. */
  readonly answers: FakeAnswer[] = [];
  readonly seen: SeenRequest[] = [];
  /** Milliseconds between two chunks, to slow a download down. */
  chunkDelayMs = 0;
  chunkBytes = 2 ** 16;
  readonly #hub: http.Server;
  readonly #store: http.Server;
  #signatures = 0;

  private constructor() {
    this.#hub = http.createServer((request, response) => {
      this.#answerAsHub(request, response);
    });
    this.#store = http.createServer((request, response) => {
      void this.#answerAsStore(request, response);
    });
  }

  static async start(): Promise<FakeHub> {
    const hub = new FakeHub();
    for (const server of [hub.#hub, hub.#store]) await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return hub;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#hub.address() as AddressInfo).port}`;
  }

  get storeEndpoint(): string {
    return `http://127.0.0.1:${(this.#store.address() as AddressInfo).port}`;
  }

  /** Adds a file, at the path that it has on Hugging Face. @returns its address. */
  add(repository: string, name: string, bytes: Buffer, file: Partial<FakeFile> = {}): string {
    const path = `/${repository}/resolve/main/${name}`;
    const announces = { sha256: sha256(bytes), bytes: bytes.length };
    this.files.set(path, { bytes, etag: `"${sha256(bytes).slice(0, 32)}"`, announces, ...file });
    return this.endpoint + path;
  }

  /** The requests for a file's bytes, all of which go to the second host. */
  get fetched(): SeenRequest[] {
    return this.seen.filter(({ host }) => host === "store");
  }

  async stop(): Promise<void> {
    for (const server of [this.#hub, this.#store]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }

  #answerAsHub(request: http.IncomingMessage, response: http.ServerResponse): void {
    const path = this.#saw("hub", request);
    const page = this.pages.get(path);
    if (page !== undefined) {
      page(request, response);
      return;
    }
    const tree = /^\/api\/models\/(.+)\/tree\/main$/.exec(path);
    if (tree !== null) {
      this.#list(`/${tree[1]!}/resolve/main/`, response);
      return;
    }
    const file = this.files.get(path);
    if (file === undefined) {
      response.writeHead(404, { "content-type": "text/plain" }).end("Entry not found");
      return;
    }
    const { announces } = file;
    response.writeHead(302, {
      location: file.redirect ?? `${this.storeEndpoint}${path}?signature=${++this.#signatures}`,
      ...(announces?.bytes === undefined ? {} : { "x-linked-size": announces.bytes }),
      ...(announces?.sha256 === undefined ? {} : { "x-linked-etag": `"${announces.sha256}"` }),
    });
    response.end();
  }

  #list(prefix: string, response: http.ServerResponse): void {
    const found = [...this.files].filter(([path]) => path.startsWith(prefix));
    if (found.length === 0) {
      response.writeHead(404).end("Repository not found");
      return;
    }
    const entries = found.map(([path, { bytes }]) => ({
      type: "file",
      path: path.slice(prefix.length),
      size: bytes.length,
      lfs: { oid: sha256(bytes), size: bytes.length },
    }));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(entries));
  }

  async #answerAsStore(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const path = this.#saw("store", request);
    const file = this.files.get(path);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const answer = this.answers.shift();
    if (answer?.kind === "status") {
      response.writeHead(answer.status, answer.headers).end("no");
      return;
    }
    if (answer?.kind === "page") {
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Log in</title>");
      return;
    }
    const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? "") ?? [];
    const isSame = request.headers["if-range"] === undefined || request.headers["if-range"] === file.etag;
    const isPart = from !== undefined && answer?.kind !== "whole" && isSame;
    const start = isPart ? Number(from) : 0;
    const total = file.bytes.length;
    const etag = file.etag === undefined ? {} : { etag: file.etag };
    if (start >= total && total > 0) {
      response.writeHead(416, { "content-range": `bytes */${total}` }).end();
      return;
    }
    const bytes = Buffer.from(file.bytes.subarray(start));
    if (answer?.kind === "wrongByte") bytes[answer.at] = bytes[answer.at]! ^ 0xff;
    response.writeHead(isPart ? 206 : 200, {
      ...etag,
      "content-type": file.type ?? "application/octet-stream",
      "content-length": bytes.length,
      ...(isPart ? { "content-range": `bytes ${start}-${total - 1}/${total}` } : {}),
    });
    const closed = new Promise((done) => response.once("close", done));
    const end =
      answer?.kind === "cut" || answer?.kind === "stall" ? Math.min(answer.bytes, bytes.length) : bytes.length;
    for (let at = 0; at < end && !response.destroyed; at += this.chunkBytes) {
      const chunk = bytes.subarray(at, Math.min(end, at + this.chunkBytes));
      await Promise.race([closed, new Promise((done) => response.write(chunk, done))]);
      if (this.chunkDelayMs > 0) await new Promise((done) => setTimeout(done, this.chunkDelayMs));
    }
    if (answer?.kind === "stall") return;
    // Closes the connection only after the bytes above have been sent.
    if (answer?.kind === "cut") response.write("", () => setImmediate(() => response.destroy()));
    else response.end();
  }

  #saw(host: SeenRequest["host"], { url = "", method = "", headers }: http.IncomingMessage): string {
    const path = decodeURIComponent(new URL(url, "http://127.0.0.1").pathname);
    this.seen.push({ host, path, method, headers });
    return path;
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
