import type { ChatState } from "../../src/chatMessages.js";
import type { Context } from "./context.js";
import { element, icon, setText, textButton } from "./dom.js";

/** What is said where there is nothing to read yet, or nothing that could answer. */
export class Notices {
  readonly element: HTMLElement;
  readonly #problemText = element("span");
  readonly #problem = element("div", { class: "notice error" }, icon("error"), this.#problemText);
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
    this.element = element("div", { class: "notices" }, this.#empty, this.#notTrained);
    // Said aloud when a text comes into it, so it is on the page before.
    this.element.prepend(element("div", { role: "alert" }, this.#problem));
  }

  show({ model, messages }: ChatState): void {
    this.#problem.hidden = model.problem === undefined;
    setText(this.#problemText, model.problem ?? "");
    this.#notTrained.hidden = model.chat !== "none";
    this.#empty.hidden = messages.length > 0;
  }
}
