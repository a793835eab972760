import type { ChatState } from "../../src/shared/chatMessages.js";
import { element, icon, setText } from "./dom.js";

/** Why no model can reply. Shown above the input box, so that it is visible however the messages are scrolled. */
export class ProblemNotice {
  readonly #text = element("span");
  readonly #notice = element("div", { class: "notice error", hidden: "" }, icon("error"), this.#text);
  /** In the page from the start: screen readers announce only changes to a live region that already exists. */
  readonly element = element("div", { role: "alert" }, this.#notice);

  show({ model }: ChatState): void {
    this.#notice.hidden = model.problem === undefined;
    setText(this.#text, model.problem ?? "");
  }
}
