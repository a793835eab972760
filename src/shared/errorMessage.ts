import { inertText } from "./inertText.js";

/** What an error says, safe to show: it may quote names from a file, or another process. */
export function errorMessage(error: unknown): string {
  return inertText(error instanceof Error ? error.message : String(error));
}
