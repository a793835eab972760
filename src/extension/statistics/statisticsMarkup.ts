import * as vscode from "vscode";

/** Makes text safe in HTML, including in attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function number(value: number): string {
  return value.toLocaleString(vscode.env.language);
}

/** A share in percent; empty if `whole` is 0. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? "" : `${((100 * part) / whole).toFixed(0)}%`;
}

export function section(title: string, content: string): string {
  return `<section><h2>${escaped(title)}</h2>${content}</section>`;
}

type Row = readonly string[] | { readonly total: readonly string[] };

/** A table of texts. The first cell of each row is the row's heading. @param head the headings of the columns. */
export function rows(all: readonly Row[], head?: readonly string[]): string {
  const cells = ([name = "", ...values]: readonly string[]): string =>
    `<th scope="row">${escaped(name)}</th>${values.map((value) => `<td>${escaped(value)}</td>`).join("")}`;
  const body = all.map((row) =>
    "total" in row ? `<tr class="total">${cells(row.total)}</tr>` : `<tr>${cells(row)}</tr>`,
  );
  const columns = head?.map((name) => `<th scope="col">${escaped(name)}</th>`).join("");
  return `<table>${columns === undefined ? "" : `<thead><tr>${columns}</tr></thead>`}<tbody>${body.join("")}</tbody></table>`;
}

/** The page's style sheet uses the theme's colors. High contrast themes have no chart colors, so bars get a border. */
export const style = `
body { color: var(--vscode-foreground); background: var(--vscode-editor-background); font: var(--vscode-font-size) var(--vscode-font-family); margin: 0; }
main { max-width: 44em; padding: 0 1.5em 2em; }
h1 { font-size: 1.6em; font-weight: 400; }
h2 { font-size: 1.1em; font-weight: 600; margin: 2em 0 0.6em; }
a { color: var(--vscode-textLink-foreground); margin-right: 1em; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.25em 0.5em 0.25em 0; text-align: left; vertical-align: top; }
th { font-weight: 400; overflow-wrap: anywhere; }
td { text-align: right; font-variant-numeric: tabular-nums; }
thead th { color: var(--vscode-descriptionForeground); }
thead th:not(:first-child) { text-align: right; }
tr { border-top: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder)); }
.total th, .total td { font-weight: 600; }
p, figcaption { color: var(--vscode-descriptionForeground); }
figure { margin: 0; }
figcaption { margin-top: 0.6em; }
svg { width: 100%; height: 8em; display: block; }
line { stroke: var(--vscode-foreground); stroke-width: 1; vector-effect: non-scaling-stroke; }
.axis { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.2em 1em; margin-top: 0.3em; }
.key { display: inline-block; width: 0.8em; height: 0.8em; margin: 0 0.4em 0 0.6em; box-sizing: border-box; }
rect.shown { fill: var(--vscode-foreground); fill-opacity: 0.2; stroke: var(--vscode-contrastBorder, none); vector-effect: non-scaling-stroke; }
rect.accepted { fill: var(--vscode-textLink-foreground); }
.key.shown { background: color-mix(in srgb, var(--vscode-foreground) 20%, transparent); border: 1px solid var(--vscode-contrastBorder, transparent); }
.key.accepted { background: var(--vscode-textLink-foreground); }
@media (forced-colors: active) { rect.accepted { fill: Highlight; } .key.accepted { background: Highlight; forced-color-adjust: none; } }
`;
