import type { MarkedToken, Tokens } from "marked";
import type { FromView } from "../../../src/shared/chatMessages.js";
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
      return linkNode(token, context);
    case "html":
      return /^<br\s*\/?>$/i.test(token.raw) ? element("br") : document.createTextNode(token.raw);
    case "image":
      // Images are never fetched. Their description is shown instead.
      return document.createTextNode(token.text === "" ? token.raw : token.text);
    case "text":
      return document.createTextNode(decodeEntities(token.text));
    case "escape":
      return document.createTextNode(token.text);
    default:
      return document.createTextNode(token.raw);
  }
}

function linkNode(token: Tokens.Link, context: Context): Node {
  const { href } = token;
  const content = (): readonly Node[] => asMarkedTokens(token.tokens).map((inner) => inlineNode(inner, context));
  if (isWeb(href)) return link({ kind: "openLink", url: href }, href, content(), context);
  const path = pathIn(href);
  return path === undefined
    ? document.createTextNode(token.raw)
    : link({ kind: "openFile", path }, path, content(), context);
}

function isWeb(href: string): boolean {
  return URL.canParse(href) && /^https?:$/.test(new URL(href).protocol);
}

/** The path that a relative link names, for instance `src/parser.ts`; undefined for any other link. */
function pathIn(href: string): string | undefined {
  const [path = ""] = href.split("#");
  if (path === "" || path.startsWith("/") || /[\\:?]/.test(path)) return undefined;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined; // a percent sign that does not begin an escape
  }
}

/** Creates a link that sends a message. It has no `href`, because VS Code would open that, too. */
function link(message: FromView, title: string, content: readonly Node[], { post }: Context): HTMLElement {
  const made = element("a", { role: "link", tabindex: "0", title }, ...content);
  const open = (): void => {
    post(message);
  };
  made.addEventListener("click", open);
  made.addEventListener("keydown", (event) => {
    if (event.key === "Enter") open();
  });
  return made;
}
