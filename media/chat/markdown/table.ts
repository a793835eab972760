import type { Tokens } from "marked";
import { format, type Context } from "../context.js";
import { element, textButton } from "../dom.js";
import { inlineNodes } from "./inline.js";

/** Maximum number of cells that are rendered at first, and each time the user asks for more rows. */
const cellsAtOnce = 1_000;

export function tableNode(table: Tokens.Table, context: Context): HTMLElement {
  const head = element("thead", {}, row(table.header, "th", context));
  const body = element("tbody");
  // The table can get the focus, so that it can be scrolled sideways with the keyboard.
  const made = element(
    "div",
    { class: "table", tabindex: "0", role: "group", "aria-label": context.texts.table },
    element("table", {}, head, body),
  );
  const step = Math.max(1, Math.floor(cellsAtOnce / Math.max(1, table.header.length)));
  const showMore = (): void => {
    const from = body.rows.length;
    body.append(...table.rows.slice(from, from + step).map((cells) => row(cells, "td", context)));
    const left = table.rows.length - body.rows.length;
    if (left === 0) more.remove();
    else more.textContent = format(context.texts, context.texts.moreRows, Math.min(step, left));
  };
  const more = textButton("", "secondary", showMore);
  made.append(more);
  showMore();
  return made;
}

function row(cells: readonly Tokens.TableCell[], tag: "th" | "td", context: Context): HTMLElement {
  const made = cells.map(({ text, align }) =>
    element(tag, align === null ? {} : { class: align }, ...inlineNodes(text, context)),
  );
  return element("tr", {}, ...made);
}
