import type { Context } from "./context.js";
import { element, isComposing, textButton } from "./dom.js";

/** A form to edit a message that the user has sent. Enter saves it, Escape cancels. */
export class EditForm {
  readonly element: HTMLFormElement;
  readonly #text: HTMLTextAreaElement;
  readonly #onEnd: (text: string | undefined) => void;

  /** @param onEnd is called with the new text, or undefined if the edit was cancelled or is empty. */
  constructor({ texts }: Context, onEnd: (text: string | undefined) => void) {
    this.#onEnd = onEnd;
    this.#text = element("textarea", { "aria-label": texts.edit, rows: "1" });
    const save = textButton(texts.save, "primary", () => {
      this.#save();
    });
    const cancel = textButton(texts.cancel, "secondary", () => {
      onEnd(undefined);
    });
    this.element = element(
      "form",
      { class: "edit", hidden: "" },
      element("div", { class: "box" }, this.#text),
      element("div", { class: "row" }, save, cancel),
    );
    this.element.addEventListener("keydown", (event) => {
      this.#onKey(event);
    });
  }

  open(text: string): void {
    this.element.hidden = false;
    this.#text.value = text;
    this.#text.focus();
  }

  #onKey(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    if (event.key === "Escape") {
      event.stopPropagation(); // otherwise Escape would also stop the reply that is being written
      this.#onEnd(undefined);
    } else if (event.key === "Enter" && !event.shiftKey && event.target === this.#text) {
      event.preventDefault();
      this.#save();
    }
  }

  #save(): void {
    const text = this.#text.value.trim();
    this.#onEnd(text === "" ? undefined : text);
  }
}
