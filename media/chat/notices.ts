import type { ChatState } from "../../src/shared/chatMessages.js";
import { format, type Context } from "./context.js";
import { element, icon, setText, textButton } from "./dom.js";

/** True if the model was not trained to chat and the user has not chosen the scratchpad, so the view offers models. */
export function needsModel({ model }: Pick<ChatState, "model">): boolean {
  // While the name is empty, no model has been loaded, and `chat` means nothing.
  return model.chat === "none" && model.name !== "" && !model.isScratchpad;
}

/**
 * The text above the messages: an explanation of the view or, if the model was not trained to chat, either an offer of
 * other models or a note that the view is a scratchpad.
 */
export class Notices {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #offerText = element("p");
  readonly #offer: HTMLElement;
  readonly #scratchpad: HTMLElement;
  readonly #scratchpadText = element("p");
  readonly #empty: HTMLElement;

  constructor(context: Context) {
    const { texts, post } = context;
    this.#context = context;
    const getModel = (kind: "primary" | "secondary"): HTMLButtonElement =>
      textButton(texts.getModel, kind, () => {
        post({ kind: "getModel" });
      });
    const selectModel = textButton(texts.selectModel, "secondary", () => {
      post({ kind: "selectModel" });
    });
    const useScratchpad = textButton(texts.useScratchpad, "secondary", () => {
      post({ kind: "scratchpad" });
    });
    const changeLanguage = textButton(texts.changeLanguage, "secondary", () => {
      post({ kind: "scratchpadLanguage" });
    });
    this.#offer = element(
      "div",
      { class: "empty offer" },
      icon("comment-discussion"),
      element("h2", {}, texts.offerTitle),
      this.#offerText,
      element("div", { class: "buttons" }, getModel("primary"), selectModel, useScratchpad),
    );
    this.#scratchpad = element(
      "div",
      { class: "notice", role: "note" },
      icon("info"),
      element(
        "div",
        {},
        this.#scratchpadText,
        element("div", { class: "buttons" }, changeLanguage, getModel("secondary")),
      ),
    );
    this.#empty = element(
      "div",
      { class: "empty" },
      icon("comment-discussion"),
      element("h2", {}, texts.emptyTitle),
      element("p", {}, texts.emptyText),
    );
    this.element = element("div", { hidden: "" }, this.#empty, this.#offer, this.#scratchpad);
  }

  show(state: ChatState): void {
    const { model, messages } = state;
    const isOffer = needsModel(state);
    this.element.hidden = false;
    this.#offer.hidden = !isOffer;
    setText(this.#offerText, format(this.#context.texts, this.#context.texts.offerText, model.name));
    setText(
      this.#scratchpadText,
      format(this.#context.texts, this.#context.texts.scratchpad, state.scratchpadLanguage),
    );
    this.#scratchpad.hidden = isOffer || model.chat !== "none" || model.name === "";
    this.#empty.hidden = messages.length > 0 || isOffer || !this.#scratchpad.hidden;
  }
}
