import type { ChatState } from "../../src/shared/chatMessages.js";
import { Attachments } from "./attachments.js";
import { format, tokenCount, type Context } from "./context.js";
import { element, icon, iconButton, isComposing, relabel, setText } from "./dom.js";
import { acceptFiles } from "./fileDrop.js";
import { isMentionStart, takeMention } from "./mention.js";
import { needsModel } from "./notices.js";

/**
 * Most chat models were trained on texts of at most this many tokens. A warning appears if the attachments are longer.
 */
const trainedTokens = 8_192;

/** The input box, the pending attachments, and the Send button, which becomes Stop while a reply is being written. */
export class Composer {
  readonly element: HTMLFormElement;
  readonly #context: Context;
  readonly #onChange: (text: string) => void;
  readonly #attachments: Attachments;
  readonly #limit = element("p", { class: "limit", hidden: "" });
  readonly #text: HTMLTextAreaElement;
  readonly #think: HTMLButtonElement;
  readonly #send: HTMLButtonElement;
  #isWriting = false;

  /** @param onChange is called with the text whenever it changes. */
  constructor(context: Context, onChange: (text: string) => void) {
    const { texts, post } = context;
    this.#context = context;
    this.#onChange = onChange;
    this.#attachments = new Attachments(context, "removable");
    this.#text = element("textarea", { "aria-label": texts.message, placeholder: texts.placeholder, rows: "1" });
    this.#send = iconButton("send", texts.send, () => {
      if (this.#isWriting) post({ kind: "stop" });
      else this.#sendText();
    });
    this.#send.classList.add("send");
    this.#think = element(
      "button",
      { type: "button", class: "toggle", "aria-pressed": "false" },
      icon("lightbulb"),
      texts.think,
    );
    this.#think.addEventListener("click", () => {
      post({ kind: "think", isOn: this.#think.getAttribute("aria-pressed") !== "true" });
    });
    this.element = element(
      "form",
      { class: "box composer" },
      this.#attachments.element,
      this.#limit,
      this.#text,
      element(
        "div",
        { class: "row" },
        ...this.#attachButtons(),
        this.#think,
        element("span", { class: "gap" }),
        this.#send,
      ),
    );
    this.#text.addEventListener("input", (event) => {
      this.#changed();
      const isTyped = event instanceof InputEvent && event.data === "@";
      if (isTyped && isMentionStart(this.#text.value, this.#text.selectionStart)) post({ kind: "attach" });
    });
    acceptFiles(this.element, (uris) => {
      post({ kind: "attachUris", uris });
    });
    this.#text.addEventListener("keydown", (event) => {
      this.#onKey(event);
    });
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
    });
    this.#showSend();
  }

  show(state: ChatState): void {
    const { attachments, writing, model, scratchpadLanguage } = state;
    const { texts } = this.#context;
    this.element.hidden = needsModel(state);
    this.#text.placeholder =
      model.chat === "none" && model.isScratchpad
        ? format(texts, texts.scratchpadPlaceholder, scratchpadLanguage)
        : texts.placeholder;
    const total = attachments.reduce((sum, { tokens }) => sum + (tokens ?? 0), 0);
    this.#limit.hidden = total <= trainedTokens;
    setText(this.#limit, format(texts, texts.manyTokens, tokenCount(texts, total)));
    this.#isWriting = writing !== undefined;
    this.#attachments.show(attachments);
    this.#think.hidden = model.think === "unavailable";
    this.#think.setAttribute("aria-pressed", String(model.think === "on"));
    this.#showSend();
  }

  /** Inserts text before the draft. */
  compose(text: string): void {
    this.#text.setRangeText(text, 0, 0, "end");
    this.#changed();
    this.focus();
  }

  /** Shows the draft of the last session, unless something was typed. */
  restore(draft: string): void {
    if (this.#text.value !== "" || draft === "") return;
    this.#text.value = draft;
    this.#showSend();
  }

  focus(): void {
    this.#text.focus();
  }

  /** Removes the `@` that opened the list of attachments. */
  removeMention(): void {
    const { value, selectionStart } = this.#text;
    if (!isMentionStart(value, selectionStart)) return;
    this.#text.setRangeText("", selectionStart - 1, selectionStart, "end");
    this.#changed();
  }

  #attachButtons(): readonly HTMLElement[] {
    const { texts, post } = this.#context;
    return [
      iconButton("attach", texts.attach, () => {
        post({ kind: "attach" });
      }),
      iconButton("list-selection", texts.attachSelection, () => {
        post({ kind: "attachSelection" });
      }),
    ];
  }

  #onKey(event: KeyboardEvent): void {
    if (isComposing(event) || event.shiftKey || (event.key !== "Enter" && event.key !== " ")) return;
    const mention = takeMention(this.#text);
    if (mention !== undefined) {
      event.preventDefault();
      this.#context.post({ kind: mention });
      this.#changed();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!this.#isWriting) this.#sendText();
    }
  }

  #sendText(): void {
    const text = this.#text.value.trim();
    if (text === "") return;
    this.#text.value = "";
    this.#changed();
    this.#context.post({ kind: "send", text });
    this.focus(); // the button had the focus, but is disabled now
  }

  #changed(): void {
    this.#onChange(this.#text.value);
    this.#showSend();
  }

  #showSend(): void {
    const { send, stop } = this.#context.texts;
    relabel(this.#send, this.#isWriting ? "debug-stop" : "send", this.#isWriting ? stop : send);
    this.#send.disabled = !this.#isWriting && this.#text.value.trim() === "";
  }
}
