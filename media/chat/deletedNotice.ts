import type { ChatState } from "../../src/shared/chatMessages.js";
import { format, type Context } from "./context.js";
import { element, icon, setText, textButton } from "./dom.js";

/** A notice above the input box after a conversation was deleted or emptied. It offers Undo while that is possible. */
export class DeletedNotice {
  readonly #context: Context;
  readonly #text = element("span");
  readonly #notice: HTMLElement;
  /** Part of the page from the start, because screen readers announce only changes to an existing live region. */
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
      // The notice is removed instead of hidden, because a hidden button would keep the focus.
      this.#notice.remove();
      return;
    }
    setText(this.#text, format(texts, texts.conversationDeleted, deleted));
    if (!this.#notice.isConnected) this.element.append(this.#notice);
  }
}
