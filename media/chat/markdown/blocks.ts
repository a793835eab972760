import type { MarkedToken, Tokens } from "marked";
import type { Context } from "../context.js";
import { element } from "../dom.js";
import { CodeBlock, isClosed } from "./codeBlock.js";
import { inlineNodes } from "./inline.js";
import { ofMarked } from "./lexer.js";
import { tableNode } from "./table.js";

/** A block as an element. @param isFinished no more of it comes. */
export function blockNode(token: MarkedToken, isFinished: boolean, context: Context): Node {
  switch (token.type) {
    case "paragraph":
      return element("p", {}, ...inlineNodes(token.text, context));
    case "text":
      return element("span", {}, ...inlineNodes(token.text, context));
    case "heading":
      // One level for all: what a model begins with is not the page's outline.
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
      return element("span", { class: "checkbox" }, token.checked ? "☑ " : "☐ ");
    default:
      // HTML, and whatever else marked may find, is shown as it is written.
      return element("p", { class: "as-written" }, token.raw.trimEnd());
  }
}

function blockNodes(tokens: Tokens.Blockquote["tokens"], isFinished: boolean, context: Context): readonly Node[] {
  const shown = ofMarked(tokens).filter(({ type }) => type !== "space");
  return shown.map((token, at) => blockNode(token, isFinished || at < shown.length - 1, context));
}

function list({ items, ordered, start }: Tokens.List, isFinished: boolean, context: Context): HTMLElement {
  const made = ordered ? element("ol", { start: String(start) }) : element("ul");
  made.append(
    ...items.map((item, at) => {
      const isDone = isFinished || at < items.length - 1;
      return element("li", item.task ? { class: "task" } : {}, ...blockNodes(item.tokens, isDone, context));
    }),
  );
  return made;
}
