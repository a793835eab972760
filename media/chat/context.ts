import type { FromView } from "../../src/shared/chatMessages.js";
import type { ChatTexts } from "../../src/shared/chatTexts.js";

/** The UI texts, and a function that sends messages to the extension host. Every part of the view uses both. */
export interface Context {
  readonly texts: ChatTexts;
  readonly post: (message: FromView) => void;
}

/** A number of tokens to display, for instance “12 tokens”. */
export function tokenCount(texts: ChatTexts, count: number): string {
  const form = new Intl.PluralRules(texts.language).select(count);
  return form === "one" ? texts.token : format(texts, texts.tokens, count);
}

/** Fills in `{0}`, `{1}` …; numbers are formatted for the language. */
export function format(texts: ChatTexts, text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (match, digit: string) => {
    const value = values[Number(digit)];
    if (value === undefined) return match;
    return typeof value === "number" ? value.toLocaleString(texts.language) : value;
  });
}
