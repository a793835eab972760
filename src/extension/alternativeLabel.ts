import { visibleText } from "../shared/inertText.js";

/** A list entry for an alternative: its first line as the label, and its other lines, joined, as the detail. */
export interface AlternativeLabel {
  readonly label: string;
  readonly detail?: string;
}

const maxDetailLength = 160;

/** @param before the text before the alternative on its first line. */
export function alternativeLabel(before: string, text: string): AlternativeLabel {
  const [first = "", ...others] = text.split(/\r\n|\r|\n/);
  const label = withoutIcons((before + first).trim() || "↵");
  const below = others.map((line) => line.trim()).filter((line) => line !== "");
  if (below.length === 0) return { label };
  const detail = below.join(" ↵ ");
  const shown = detail.length > maxDetailLength ? `${detail.slice(0, maxDetailLength - 1)}…` : detail;
  return { label, detail: withoutIcons(shown) };
}

/** Escapes `$(name)`, which VS Code shows as an icon, and invisible characters. The rest of the code stays as it is. */
function withoutIcons(text: string): string {
  return visibleText(text).replaceAll("$(", "\\$(");
}
