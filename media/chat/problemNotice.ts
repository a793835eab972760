import type { ChatState } from "../../src/shared/chatMessages.js";
import { element, icon, setText } from "./dom.js";

/** Says why no model can reply. The notice is above the input box, so that it is visible wherever the user scrolls. */
export class ProblemNotice {
  readonly #text = element("span");
  readonly #notice = element("div", { class: "notice error", hidden: "" }, icon("error"), this.#text);
  /** Part of the page from the start, because screen readers announce only changes to an existing live region. */
  readonly element = element("div", { role: "alert" }, this.#notice);

  show({ model }: ChatState): void {
    this.#notice.hidden = model.problem === undefined;
    setText(this.#text, model.problem ?? "");
  }
}
