import type { ImportLine } from "../../shared/cliOutput.js";

const kinds: readonly ImportLine["kind"][] = ["progress", "made", "verified"];

/** Parses a line of `rwkv-code import --json`; undefined for any other line. */
export function importLine(text: string): ImportLine | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined; // perhaps the output of a library
  }
  if (typeof parsed !== "object" || parsed === null || !("kind" in parsed)) return undefined;
  const { kind } = parsed;
  return kinds.some((known) => known === kind) ? (parsed as ImportLine) : undefined; // written by our own program
}
