import { DownloadError, type DownloadFailure } from "./downloadError.js";
import { connectionFailure } from "./connectionFailure.js";

// This is the only file that opens connections; lint allows `fetch` nowhere else.

export interface HubRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: "GET" | "HEAD";
  /** Sent only to the host of `url`, never to another host after a redirect. */
  readonly token?: string | undefined;
  /** If true, a redirect is returned as the response. */
  readonly isRedirectReturned?: boolean;
  readonly signal: AbortSignal;
}

/** The final response, after any redirects. */
export interface HubResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The host that responded. The rest of the address is omitted, because it may contain a signature. */
  readonly host: string;
  /** True if the response comes from a different host than the one requested. */
  readonly isRedirected: boolean;
  /** Size and hash that the requested host announced, perhaps in a response that redirected to another host. */
  readonly announced: AnnouncedFile;
  readonly body: AsyncIterable<Uint8Array>;
  readonly text: () => Promise<string>;
}

/** A file's size and hash from Hugging Face's headers `X-Linked-Size` and `X-Linked-ETag`. */
export interface AnnouncedFile {
  readonly bytes: number | undefined;
  readonly sha256: string | undefined;
}

const maxRedirects = 8;

/**
 * Sends a request to a hub. In the extension host VS Code's proxy settings apply.
 * @throws DownloadError if there is no response, an address is not encrypted, or the redirects fail; the signal's
 * reason if the signal is aborted.
 */
export async function request({ url, token, signal, ...options }: HubRequest): Promise<HubResponse> {
  const first = secureUrl(url);
  let current = first;
  let announced: AnnouncedFile = { bytes: undefined, sha256: undefined };
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const isFirstHost = current.host === first.host && current.protocol === first.protocol;
    const response = await answer(current, {
      method: options.method ?? "GET",
      headers: {
        "user-agent": "rwkv-code",
        // No compression, because offsets in a compressed response differ from those in the file.
        "accept-encoding": "identity",
        ...options.headers,
        ...(token !== undefined && isFirstHost ? { authorization: `Bearer ${token}` } : {}),
      },
      redirect: "manual",
      signal,
    });
    if (isFirstHost) announced = announcedBy(response.headers) ?? announced;
    const location = response.headers.get("location");
    const isRedirect = response.status >= 300 && response.status < 400 && response.status !== 304;
    if (!isRedirect || options.isRedirectReturned === true) {
      const { status, headers } = response;
      const { host } = current;
      const chunks = bytesOf(response, host);
      const text = (): Promise<string> => textOf(chunks, host, status);
      return { status, headers, host, isRedirected: !isFirstHost, announced, body: chunks, text };
    }
    await response.body?.cancel();
    if (location === null || !URL.canParse(location, current.href)) break;
    current = secureUrl(new URL(location, current.href).href);
    // A redirect by a remote hub must not make us send unencrypted requests to services of this machine.
    if (current.protocol === "http:" && first.protocol !== "http:")
      throw new DownloadError({ kind: "insecure", url: `http://${current.host}` });
  }
  throw new DownloadError({ kind: "redirects", host: first.host });
}

/** @throws DownloadError if the address is neither encrypted nor on this machine, or has a user name or a password. */
export function secureUrl(text: string): URL {
  if (!URL.canParse(text)) throw new DownloadError({ kind: "notAnAddress", given: text });
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") throw new DownloadError({ kind: "notAnAddress", given: url.host });
  const isLocal = url.protocol === "http:" && url.hostname === "127.0.0.1";
  if (url.protocol === "https:" || isLocal) return url;
  if (url.protocol === "http:") throw new DownloadError({ kind: "insecure", url: `http://${url.host}` });
  throw new DownloadError({ kind: "notAnAddress", given: text });
}

async function answer(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url.href, init);
  } catch (error) {
    if (init.signal?.aborted === true) throw init.signal.reason;
    throw new DownloadError(connectionFailure(error, url.host));
  }
}

/** Takes the response rather than its body, because `fetch` cancels the body when the response is garbage-collected. */
async function* bytesOf(response: Response, host: string): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  try {
    // Node's streams are iterable.
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    const failure: DownloadFailure = connectionFailure(error, host);
    throw new DownloadError(
      failure.kind === "offline" || failure.kind === "proxy" ? failure : { kind: "interrupted", host },
    );
  }
}

/** Limit for a response that is read as text. Listings and error messages are far shorter. */
const maxTextBytes = 2 ** 24;

/** @throws DownloadError if the connection breaks off, or the text is too long. */
async function textOf(chunks: AsyncIterable<Uint8Array>, host: string, status: number): Promise<string> {
  const received: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxTextBytes) throw new DownloadError({ kind: "unexpected", host, status });
    received.push(chunk);
  }
  return Buffer.concat(received).toString("utf8");
}

function announcedBy(headers: Headers): AnnouncedFile | undefined {
  const bytes = Number(headers.get("x-linked-size") ?? NaN);
  const sha256 = /^(?:W\/)?"?([\da-f]{64})"?$/i.exec(headers.get("x-linked-etag") ?? "")?.[1]?.toLowerCase();
  if (!Number.isSafeInteger(bytes) && sha256 === undefined) return undefined;
  return { bytes: Number.isSafeInteger(bytes) ? bytes : undefined, sha256 };
}
