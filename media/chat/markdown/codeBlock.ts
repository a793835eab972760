import type { Tokens } from "marked";
import type { Context } from "../context.js";
import { element, iconButton, relabel, setText } from "../dom.js";
import { highlighted } from "./highlight.js";

/** How long the button shows that the code was copied. */
const copiedMs = 1_500;

/** A code block with its toolbar. It keeps its DOM element and scroll position while text is added. */
export class CodeBlock {
  readonly element: HTMLElement;
  readonly #name = element("span", { class: "code-language" });
  readonly #code = element("code");
  #text = "";
  #language = "";

  constructor({ texts, post }: Context) {
    const copy = iconButton("copy", texts.copy, () => {
      post({ kind: "copy", code: this.#text });
      relabel(copy, "check", texts.copied);
      setTimeout(() => {
        relabel(copy, "copy", texts.copy);
      }, copiedMs);
    });
    const insert = iconButton("insert", texts.insertAtCursor, () => {
      post({ kind: "insert", code: this.#text });
    });
    const apply = iconButton("diff", texts.apply, () => {
      post({ kind: "apply", code: this.#text });
    });
    const newFile = iconButton("new-file", texts.newFile, () => {
      post({ kind: "newFile", code: this.#text, language: this.#language });
    });
    this.element = element(
      "div",
      { class: "code-block" },
      element("div", { class: "code-bar" }, this.#name, copy, insert, apply, newFile),
      // The code can get the focus, so that it can be scrolled sideways with the keyboard.
      element("pre", { tabindex: "0", role: "group", "aria-label": texts.code }, this.#code),
    );
    setText(this.#name, texts.code);
  }

  /** Shows code. @param isFinished false while more may be added; only finished code is highlighted. */
  show({ text, lang }: Tokens.Code, isFinished: boolean): void {
    this.#text = text;
    this.#language = /^[^\s{,:]*/.exec(lang ?? "")?.[0] ?? "";
    if (this.#language !== "") setText(this.#name, this.#language);
    const nodes = isFinished ? highlighted(text, this.#language.toLowerCase()) : undefined;
    if (nodes === undefined) setText(this.#code, text);
    else this.#code.replaceChildren(...nodes);
  }
}

/** True if the block counts as finished: it has its closing fence, or is indented code, which has none. */
export function isClosed({ raw, codeBlockStyle }: Tokens.Code): boolean {
  if (codeBlockStyle === "indented") return true;
  const fence = /^ {0,3}(`{3,}|~{3,})/.exec(raw)?.[1];
  const lines = raw.trimEnd().split("\n");
  return fence !== undefined && lines.length > 1 && lines.at(-1)?.trim().startsWith(fence) === true;
}
