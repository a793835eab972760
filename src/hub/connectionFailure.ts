import type { DownloadFailure } from "./downloadError.js";

const offlineCodes = new Set(["ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "ENETDOWN", "EHOSTUNREACH", "ENONET"]);
const interruptedCodes = new Set([
  "ECONNRESET",
  "EPIPE",
  "UND_ERR_SOCKET",
  "UND_ERR_BODY_TIMEOUT",
  "ERR_STREAM_PREMATURE_CLOSE",
]);
const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_/;

/** Finds out why `fetch` failed. Every failure is a TypeError; only the error's causes tell the failures apart. */
export function connectionFailure(error: unknown, host: string): DownloadFailure {
  const causes = causesOf(error);
  const { hostname } = new URL(`https://${host}`);
  // The proxy agents of VS Code and undici mention the proxy only in the error message. For a response with status 407,
  // `fetch` throws an error that has no message. The host name is removed, because it may contain one of these words.
  const isOfProxy = ({ message, code }: Cause): boolean =>
    /\bproxy\b|\b407\b|tunnel/i.test(message.replaceAll(hostname, "")) || (message === "" && code === undefined);
  if (causes.some(isOfProxy)) return { kind: "proxy", host };
  const codes = causes.map(({ code }) => code).filter((code) => code !== undefined);
  const certificate = codes.find((code) => certificateCodes.test(code));
  if (certificate !== undefined) return { kind: "certificate", host, code: certificate };
  if (codes.some((code) => offlineCodes.has(code))) return { kind: "offline", host };
  if (codes.some((code) => interruptedCodes.has(code))) return { kind: "interrupted", host };
  return { kind: "unreachable", host, code: codes.at(-1) ?? "no answer" };
}

interface Cause {
  readonly message: string;
  readonly code: string | undefined;
}

/** The error and its direct and indirect causes. If a host has several addresses, each address may add a cause. */
function causesOf(error: unknown, depth = 0): Cause[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const inner = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const message = error instanceof AggregateError ? "all attempts failed" : error.message;
  return [{ message, code }, ...[error.cause, ...inner].flatMap((one) => causesOf(one, depth + 1))];
}
