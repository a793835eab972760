import type { ImportLine } from "../../shared/cliOutput.js";

const kinds: readonly ImportLine["kind"][] = ["progress", "made", "verified"];

/** A line of `rwkv-code import --json`; undefined for any other. */
export function importLine(text: string): ImportLine | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined; // a library may have written it
  }
  if (typeof parsed !== "object" || parsed === null || !("kind" in parsed)) return undefined;
  const { kind } = parsed;
  return kinds.some((known) => known === kind) ? (parsed as ImportLine) : undefined; // our own program wrote it
}
