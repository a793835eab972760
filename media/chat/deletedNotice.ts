import type { ChatState } from "../../src/shared/chatMessages.js";
import { format, type Context } from "./context.js";
import { element, icon, setText, textButton } from "./dom.js";

/** That a conversation is gone, and the way back: above the input box, for as long as there is one. */
export class DeletedNotice {
  readonly #context: Context;
  readonly #text = element("span");
  readonly #notice: HTMLElement;
  /** It is there before its text, so that a screen reader says what comes into it. */
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
      // Taken out: what is only hidden would keep the focus.
      this.#notice.remove();
      return;
    }
    setText(this.#text, format(texts, texts.conversationDeleted, deleted));
    if (!this.#notice.isConnected) this.element.append(this.#notice);
  }
}
