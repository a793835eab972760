import type { MarkedToken, Tokens } from "marked";
import type { Context } from "../context.js";
import { element } from "../dom.js";
import { CodeBlock, isClosed } from "./codeBlock.js";
import { inlineNodes } from "./inline.js";
import { asMarkedTokens } from "./lexer.js";
import { tableNode } from "./table.js";

/** Renders a block. @param isFinished false while more text may be added to it. */
export function blockNode(token: MarkedToken, isFinished: boolean, context: Context): Node {
  switch (token.type) {
    case "paragraph":
      return paragraph(token, context);
    case "text":
      return element("span", {}, ...inlineNodes(token.text, context));
    case "heading":
      // All headings of replies get the same level, so that they do not disturb the outline of the page.
      return element("h3", { class: `level-${token.depth}` }, ...inlineNodes(token.text, context));
    case "code": {
      const code = new CodeBlock(context);
      code.show(token, isFinished || isClosed(token));
      return code.element;
    }
    case "blockquote":
      return element("blockquote", {}, ...blockNodes(token.tokens, isFinished, context));
    case "list":
      return list(token, isFinished, context);
    case "table":
      return tableNode(token, context);
    case "hr":
      return element("hr");
    case "checkbox":
      return checkbox(token);
    default:
      // HTML, and any kind of token that is not known here, is shown as it is written.
      return element("p", { class: "as-written" }, token.raw.trimEnd());
  }
}

function blockNodes(tokens: Tokens.Blockquote["tokens"], isFinished: boolean, context: Context): readonly Node[] {
  const shown = asMarkedTokens(tokens).filter(({ type }) => type !== "space");
  return shown.map((token, at) => blockNode(token, isFinished || at < shown.length - 1, context));
}

/** Renders a paragraph. In a list whose items are paragraphs, a task's checkbox is the paragraph's first token. */
function paragraph({ text, tokens }: Tokens.Paragraph, context: Context): HTMLElement {
  const [first] = asMarkedTokens(tokens);
  if (first?.type !== "checkbox") return element("p", {}, ...inlineNodes(text, context));
  return element("p", {}, checkbox(first), ...inlineNodes(text.slice(first.raw.length), context));
}

function checkbox({ checked }: Tokens.Checkbox): HTMLElement {
  return element("span", { class: "checkbox" }, checked ? "☑ " : "☐ ");
}

function list(token: Tokens.List, isFinished: boolean, context: Context): HTMLElement {
  const made = token.ordered ? element("ol", { start: String(token.start) }) : element("ul");
  updateList(made, undefined, { token, isFinished }, context);
  return made;
}

/** A list that may still grow. */
export interface PartialList {
  readonly token: Tokens.List;
  readonly isFinished: boolean;
}

/** Updates a list's DOM element. Unchanged items keep their `li` elements. */
export function updateList(
  made: HTMLElement,
  before: PartialList | undefined,
  now: PartialList,
  context: Context,
): void {
  now.token.items.forEach((item, at) => {
    const shown = made.children[at];
    if (shown !== undefined && before !== undefined && isSameItem(before, now, at)) return;
    const next = element(
      "li",
      item.task ? { class: "task" } : {},
      ...blockNodes(item.tokens, isDone(now, at), context),
    );
    if (shown === undefined) made.append(next);
    else shown.replaceWith(next);
  });
  while (made.children.length > now.token.items.length) made.lastElementChild?.remove();
}

function isSameItem(before: PartialList, now: PartialList, at: number): boolean {
  const [a, b] = [before.token.items[at], now.token.items[at]];
  return a?.raw === b?.raw && a?.loose === b?.loose && isDone(before, at) === isDone(now, at);
}

function isDone({ token, isFinished }: PartialList, at: number): boolean {
  return isFinished || at < token.items.length - 1;
}
