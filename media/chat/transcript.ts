import type { ChatState } from "../../src/shared/chatMessages.js";
import type { Context } from "./context.js";
import { element } from "./dom.js";
import { AutoScroll } from "./autoScroll.js";
import { MessageView } from "./messageView.js";
import { Notices } from "./notices.js";

/** A screen reader announces at most this many UTF-16 code units of a reply. */
const maxSpokenCharacters = 2_000;

/** The messages. Each keeps its DOM element while it is shown, so that scroll position and focus survive updates. */
export class Transcript {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #notices: Notices;
  readonly #log: HTMLElement;
  /** Announces that a reply is being written, and then the reply. A live log would announce each delta instead. */
  readonly #speech = element("div", { class: "for-readers", role: "status" });
  readonly #follower: AutoScroll;
  #views = new Map<string, MessageView>();
  #conversation: string | undefined;
  #writing: string | undefined;

  constructor(context: Context) {
    this.#context = context;
    this.#notices = new Notices(context);
    this.#log = element("div", { role: "log", "aria-live": "off" });
    this.element = element(
      "main",
      { tabindex: "0", "aria-label": context.texts.messages },
      this.#notices.element,
      this.#log,
      this.#speech,
    );
    this.#follower = new AutoScroll(this.element);
  }

  show(state: ChatState): void {
    this.#notices.show(state);
    this.#showMessages(state);
    this.#log.hidden = state.messages.length === 0;
    this.#log.setAttribute("aria-busy", String(state.writing !== undefined));
    const isNewReply = state.writing !== undefined && state.writing !== this.#writing;
    this.#speak(state.writing);
    if (isNewReply || state.conversation.id !== this.#conversation) this.#follower.goToEnd();
    else this.#follower.follow();
    this.#conversation = state.conversation.id;
  }

  append(messageId: string, thinking: string, text: string): void {
    this.#views.get(messageId)?.append(thinking, text);
  }

  #showMessages({ messages, writing }: ChatState): void {
    const before = this.#views;
    this.#views = new Map();
    let previous: Element | null = null;
    for (const message of messages) {
      const view = before.get(message.id) ?? this.#newView(message);
      view.show(message, message.id === writing);
      const expected: Element | null = previous === null ? this.#log.firstElementChild : previous.nextElementSibling;
      if (expected !== view.element) this.#log.insertBefore(view.element, expected);
      previous = view.element;
      this.#views.set(message.id, view);
    }
    for (const [id, { element }] of before) if (!this.#views.has(id)) element.remove();
  }

  #newView(message: ChatState["messages"][number]): MessageView {
    return new MessageView(this.#context, message, () => {
      this.#follower.follow();
    });
  }

  #speak(writing: string | undefined): void {
    if (writing !== undefined && writing !== this.#writing) this.#speech.textContent = this.#context.texts.writing;
    const done = writing === undefined && this.#writing !== undefined ? this.#views.get(this.#writing) : undefined;
    if (done !== undefined) this.#speech.textContent = done.spokenText.slice(0, maxSpokenCharacters);
    this.#writing = writing;
  }
}
