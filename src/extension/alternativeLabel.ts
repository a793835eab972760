import { visibleText } from "../shared/inertText.js";

/** How one of several texts stands in a list: its first line whole, the others in one line below. */
export interface AlternativeLabel {
  readonly label: string;
  readonly detail?: string;
}

const maxDetailLength = 160;

/** @param before what stands on the line before it. */
export function alternativeLabel(before: string, text: string): AlternativeLabel {
  const [first = "", ...others] = text.split(/\r\n|\r|\n/);
  const label = withoutIcons((before + first).trim() || "↵");
  const below = others.map((line) => line.trim()).filter((line) => line !== "");
  if (below.length === 0) return { label };
  const detail = below.join(" ↵ ");
  const shown = detail.length > maxDetailLength ? `${detail.slice(0, maxDetailLength - 1)}…` : detail;
  return { label, detail: withoutIcons(shown) };
}

/** VS Code reads `$(name)` as an icon. The rest is code and stays as it is, in one line. */
function withoutIcons(text: string): string {
  return visibleText(text).replaceAll("$(", "\\$(");
}
