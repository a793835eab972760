import type { ChatState } from "../../src/shared/chatMessages.js";
import { format, type Context } from "./context.js";
import { element, icon, setText, textButton } from "./dom.js";

/** Says that a conversation was deleted and offers Undo, above the input box, as long as undo is possible. */
export class DeletedNotice {
  readonly #context: Context;
  readonly #text = element("span");
  readonly #notice: HTMLElement;
  /** In the page from the start: screen readers announce only changes to a live region that already exists. */
  readonly element: HTMLElement;

  constructor(context: Context) {
    this.#context = context;
    const undo = textButton(context.texts.undo, "secondary", () => {
      context.post({ kind: "undoDelete" });
    });
    this.#notice = element("div", { class: "notice deleted" }, icon("trash"), this.#text, undo);
    this.element = element("div", { "aria-live": "polite" }, this.#notice);
  }

  show({ deleted }: ChatState): void {
    const { texts } = this.#context;
    if (deleted === undefined) {
      // Removed, not hidden: a hidden button would keep the focus.
      this.#notice.remove();
      return;
    }
    setText(this.#text, format(texts, texts.conversationDeleted, deleted));
    if (!this.#notice.isConnected) this.element.append(this.#notice);
  }
}
