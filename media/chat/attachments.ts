import type { Attachment } from "../../src/shared/chatMessages.js";
import { format, tokenCount, type Context } from "./context.js";
import { element, icon, iconButton } from "./dom.js";

const icons = { file: "file", selection: "list-selection", symbol: "symbol-method", problems: "warning" } as const;

/** The attachments of a message as a row of chips, which can be removed until the message is sent. */
export class Attachments {
  readonly element: HTMLUListElement;
  readonly #context: Context;
  readonly #canRemove: boolean;
  #shown = "[]";

  constructor(context: Context, use: "shown" | "removable") {
    this.#context = context;
    this.#canRemove = use === "removable";
    this.element = element("ul", { class: "attachments", "aria-label": context.texts.attachments, hidden: "" });
  }

  show(attachments: readonly Attachment[]): void {
    const shown = JSON.stringify(attachments);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.element.hidden = attachments.length === 0;
    this.element.replaceChildren(...attachments.map((attachment) => this.#chip(attachment)));
  }

  #chip({ id, kind, label, tokens }: Attachment): HTMLElement {
    const { texts, post } = this.#context;
    const size = tokens === undefined ? texts.counting : tokenCount(texts, tokens);
    const chip = element(
      "li",
      { class: "chip" },
      icon(icons[kind]),
      element("span", { class: "chip-label", title: label }, label),
      element("span", { class: "chip-size" }, size),
    );
    if (this.#canRemove) {
      const remove = (): void => {
        post({ kind: "detach", attachmentId: id });
      };
      chip.append(iconButton("close", format(texts, texts.detach, label), remove));
    }
    return chip;
  }
}
