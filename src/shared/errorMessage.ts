import { inertText } from "./inertText.js";

/** The message of an error, made safe to display, because it may quote file names or output of another process. */
export function errorMessage(error: unknown): string {
  return inertText(error instanceof Error ? error.message : String(error));
}
