import { homedir, userInfo } from "node:os";
import type { NothingReason } from "../shared/nothingShown.js";
import type { ServerStatistics, ServerStatus } from "../shared/protocol.js";

export interface DiagnosticFacts {
  /** Labels and values, such as "VS Code": "1.96.0". */
  readonly environment: Readonly<Record<string, string>>;
  readonly status: ServerStatus;
  readonly model: string;
  readonly engine: string;
  /** Response times of the server; undefined if it is not running. */
  readonly latencyMs: ServerStatistics["latencyMs"] | undefined;
  /** Settings that differ from their defaults. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly nothingShown: readonly (readonly [NothingReason, number])[];
  /** Why the last request showed nothing, in words; undefined if it showed a completion, or if there was none. */
  readonly last: string | undefined;
  readonly errors: readonly string[];
}

/** The information for a bug report. It contains no text that the user wrote and no path. */
export function diagnosticsText({ environment, status, model, engine, latencyMs, ...facts }: DiagnosticFacts): string {
  const failure = status.kind === "failed" ? `: ${withoutPaths(status.reason)}` : "";
  return [
    "RWKV Code diagnostics",
    ...Object.entries(environment).map(([name, value]) => `${name}: ${value}`),
    `Status: ${status.kind}${failure}`,
    `Model: ${withoutPaths(model) || "none"}`,
    `Engine: ${withoutPaths(engine) || "none"}`,
    `Response time: ${latencyMs === undefined ? "none" : `median ${Math.round(latencyMs.p50)} ms, 95% within ${Math.round(latencyMs.p95)} ms`}`,
    `Last request: ${facts.last === undefined ? "shown, or none" : `nothing shown, ${facts.last}`}`,
    ...section("Settings that differ from their defaults", facts.settings.map(asLine)),
    ...section("Requests that showed nothing", facts.nothingShown.map(asLine)),
    ...section(
      "Last errors",
      facts.errors.map((error) => withoutPaths(error)),
    ),
    "",
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return ["", `${title}:`, ...(lines.length === 0 ? ["none"] : lines).map((line) => `- ${line}`)];
}

function asLine([name, value]: readonly [string, string | number]): string {
  return `${name}: ${value}`;
}

/**
 * Reduces each absolute path and file URI to its last part, and removes other URLs and the user's name. Folder names
 * may contain spaces.
 */
export function withoutPaths(text: string, { home = homedir(), user = userName() } = {}): string {
  const named = [...(home.length >= 3 ? [home] : []), ...(user.length >= 3 ? [user] : [])];
  const anonymous = named
    .reduce((left, one) => left.replaceAll(one, "~"), text)
    // A URL may contain a token or a mirror's name.
    .replace(/\b(?!file:)[a-z][a-z\d+.-]*:\/\/[^\s"'`“”‘’]+/gi, "…")
    // Our own errors begin with a path and a colon. Other errors quote the path.
    .replace(/^((?:[A-Za-z]+: )?)((?:[A-Za-z]:|~)?[\\/][^\n]*?)(?=: |$)/gm, (_, name: string, path: string) => {
      return `${name}…/${lastPart(path)}`;
    })
    .replace(/(["'`])((?:[A-Za-z]:|~)?[\\/][^\n]*?)\1(?![\p{L}\p{N}])/gu, (_, quote: string, path: string) => {
      return `${quote}…/${lastPart(path)}${quote}`;
    });
  return anonymous.replace(
    /(?<![\w.…])(?:[a-z]+:\/\/|[A-Za-z]:(?=[\\/])|~)?(?:[\\/]+(?:[^\s\\/"'`“”‘’:;,()[\]]| +(?![\s\\/]))+)*[\\/]+([^\s\\/"'`“”‘’:;,()[\]]+)/g,
    "…/$1",
  );
}

function lastPart(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** The user's login name; empty if the system has none for the user's id, as in many containers. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
}
