import type { ChatState } from "../../src/shared/chatMessages.js";
import type { Context } from "./context.js";
import { element, icon, textButton } from "./dom.js";

/** Shown above the messages: what the view is for, and a notice if the model was not trained to talk. */
export class Notices {
  readonly element: HTMLElement;
  readonly #notTrained: HTMLElement;
  readonly #empty: HTMLElement;

  constructor({ texts, post }: Context) {
    const importModel = textButton(texts.importModel, "primary", () => {
      post({ kind: "importModel" });
    });
    this.#notTrained = element(
      "div",
      { class: "notice", role: "note" },
      icon("info"),
      element("div", {}, element("p", {}, texts.notTrained), importModel),
    );
    this.#empty = element(
      "div",
      { class: "empty" },
      icon("comment-discussion"),
      element("h2", {}, texts.emptyTitle),
      element("p", {}, texts.emptyText),
    );
    this.element = element("div", { hidden: "" }, this.#empty, this.#notTrained);
  }

  show({ model, messages }: ChatState): void {
    this.element.hidden = false;
    // Nothing is known about the model until it was loaded once.
    this.#notTrained.hidden = model.chat !== "none" || model.name === "";
    this.#empty.hidden = messages.length > 0;
  }
}
