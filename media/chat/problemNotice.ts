import type { ChatState } from "../../src/shared/chatMessages.js";
import { element, icon, setText } from "./dom.js";

/** Why no model can answer: above the input box, where it is seen wherever the messages are scrolled to. */
export class ProblemNotice {
  readonly #text = element("span");
  readonly #notice = element("div", { class: "notice error", hidden: "" }, icon("error"), this.#text);
  /** It is there before its text, so that a screen reader says what comes into it. */
  readonly element = element("div", { role: "alert" }, this.#notice);

  show({ model }: ChatState): void {
    this.#notice.hidden = model.problem === undefined;
    setText(this.#text, model.problem ?? "");
  }
}
