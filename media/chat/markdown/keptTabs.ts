import type { MarkedToken } from "marked";

/**
 * marked converts tabs after a list's indentation to spaces, even in code. So each tab in fenced code is replaced by a
 * placeholder character before lexing, and restored in the tokens afterwards.
 */

const placeholders = ["\ue000", "\ue001", "\uf8ff"];
const fenceLine = /^([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}|~{3,})/;

export interface KeptTabs {
  readonly text: string;
  /** Puts the tabs back into the tokens that were lexed from the text. */
  readonly restore: (tokens: readonly MarkedToken[]) => void;
}

export function keepTabs(text: string): KeptTabs {
  const placeholder = placeholders.find((one) => !text.includes(one));
  if (!text.includes("\t") || placeholder === undefined) return { text, restore: () => undefined };
  let fence: { readonly marker: string; readonly column: number } | undefined;
  const lines = text.split("\n").map((line) => {
    const [, indentation = "", marker] = fenceLine.exec(line) ?? [];
    if (fence === undefined) {
      if (marker !== undefined) fence = { marker, column: columnsOf(indentation) };
      return line;
    }
    if (marker?.startsWith(fence.marker) === true && line.trim() === marker) {
      fence = undefined;
      return line;
    }
    const start = lengthOfColumns(line, fence.column);
    return line.slice(0, start) + line.slice(start).replaceAll("\t", placeholder);
  });
  return {
    text: lines.join("\n"),
    restore: (tokens) => {
      for (const token of tokens) restoreIn(token, placeholder);
    },
  };
}

/** Visits all fields, because tokens contain strings and further tokens under various names. */
function restoreIn(value: object, placeholder: string): void {
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    if (typeof inner === "string") {
      if (inner.includes(placeholder)) Object.assign(value, { [key]: inner.replaceAll(placeholder, "\t") });
    } else if (typeof inner === "object" && inner !== null) restoreIn(inner, placeholder);
  }
}

function columnsOf(text: string): number {
  let column = 0;
  for (const character of text) column += character === "\t" ? 4 - (column % 4) : 1;
  return column;
}

/**
 * Counts the characters of a line's indentation that end at or before a column. Excludes a tab that extends beyond it.
 */
function lengthOfColumns(line: string, columns: number): number {
  let length = 0;
  while (length < line.length && " \t>".includes(line.charAt(length))) {
    if (columnsOf(line.slice(0, length + 1)) > columns) break;
    length++;
  }
  return length;
}
