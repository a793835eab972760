import type { MarkedToken } from "marked";
import type { Context } from "../context.js";
import { element } from "../dom.js";
import { decodeEntities } from "./entities.js";
import { inlineTokens, asMarkedTokens } from "./lexer.js";

/** Renders the inline content of a paragraph, heading or cell. */
export function inlineNodes(text: string, context: Context): readonly Node[] {
  return inlineTokens(text).map((token) => inlineNode(token, context));
}

function inlineNode(token: MarkedToken, context: Context): Node {
  switch (token.type) {
    case "strong":
    case "em":
    case "del":
      return element(token.type, {}, ...asMarkedTokens(token.tokens).map((inner) => inlineNode(inner, context)));
    case "codespan":
      return element("code", {}, token.text);
    case "br":
      return element("br");
    case "link":
      return isWeb(token.href)
        ? link(
            token.href,
            asMarkedTokens(token.tokens).map((inner) => inlineNode(inner, context)),
            context,
          )
        : document.createTextNode(token.raw);
    case "image":
      // Images are never fetched: the description is shown instead.
      return document.createTextNode(token.text === "" ? token.raw : token.text);
    case "text":
      return document.createTextNode(decodeEntities(token.text));
    case "escape":
      return document.createTextNode(token.text);
    default:
      return document.createTextNode(token.raw);
  }
}

function isWeb(href: string): boolean {
  return URL.canParse(href) && /^https?:$/.test(new URL(href).protocol);
}

/** Without href: VS Code would open it in addition to our message. */
function link(url: string, content: readonly Node[], { post }: Context): HTMLElement {
  const made = element("a", { role: "link", tabindex: "0", title: url }, ...content);
  const open = (): void => {
    post({ kind: "openLink", url });
  };
  made.addEventListener("click", open);
  made.addEventListener("keydown", (event) => {
    if (event.key === "Enter") open();
  });
  return made;
}
