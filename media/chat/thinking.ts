import type { ChatTexts } from "../../src/shared/chatTexts.js";
import { element, icon, setText } from "./dom.js";

/** The model's thoughts before its reply, in a foldable element. They are updated while the model writes. */
export class Thinking {
  readonly element: HTMLDetailsElement;
  readonly #texts: ChatTexts;
  readonly #title = element("span");
  readonly #text = document.createTextNode("");

  constructor(texts: ChatTexts) {
    this.#texts = texts;
    this.element = element(
      "details",
      { class: "thinking", hidden: "" },
      element("summary", {}, icon("chevron-right"), this.#title),
      element("div", { class: "thoughts" }, this.#text),
    );
  }

  show(text: string, isRunning: boolean): void {
    this.element.hidden = text === "";
    setText(this.#title, isRunning ? this.#texts.thinking : this.#texts.thoughts);
    const shown = this.#text.data;
    if (text === shown) return;
    // The user's selection survives if text is only appended.
    if (text.startsWith(shown)) this.#text.appendData(text.slice(shown.length));
    else this.#text.data = text;
  }
}
