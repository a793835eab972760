import type { FromView } from "../../src/chatMessages.js";
import type { ChatTexts } from "../../src/chatTexts.js";

/** What every part of the view gets. */
export interface Context {
  readonly texts: ChatTexts;
  readonly post: (message: FromView) => void;
}

/** The text with `{0}`, `{1}` … filled in; numbers in the way of the language. */
export function filled(texts: ChatTexts, text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (place, digit: string) => {
    const value = values[Number(digit)];
    if (value === undefined) return place;
    return typeof value === "number" ? value.toLocaleString(texts.language) : value;
  });
}
