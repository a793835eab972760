import type { ChatMessage } from "../../src/shared/chatMessages.js";
import { Attachments } from "./attachments.js";
import type { Context } from "./context.js";
import { element, icon, setText } from "./dom.js";
import { EditForm } from "./editForm.js";
import { FrameScheduler } from "./frameScheduler.js";
import { MarkdownView } from "./markdown/markdownView.js";
import { MessageActions } from "./messageActions.js";
import { Thinking } from "./thinking.js";

/** One message. Its DOM element is created once and then updated. Streamed text is painted at most once per frame. */
export class MessageView {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #attachments: Attachments;
  readonly #thinking: Thinking;
  readonly #reply: MarkdownView;
  readonly #userText = element("div", { class: "said" });
  readonly #note = element("p", { class: "note", hidden: "" });
  readonly #progress = element(
    "div",
    { class: "progress", "aria-hidden": "true" },
    ...[1, 2, 3].map(() => element("i")),
  );
  readonly #actions: MessageActions;
  readonly #edit: EditForm;
  readonly #frames: FrameScheduler;
  #message: ChatMessage;
  #isWriting = false;

  /** @param onPaint is called after streamed text was painted. */
  constructor(context: Context, message: ChatMessage, onPaint: () => void) {
    const { texts, post } = context;
    this.#context = context;
    this.#message = message;
    this.#attachments = new Attachments(context, "shown");
    this.#thinking = new Thinking(texts);
    this.#reply = new MarkdownView(context);
    this.#frames = new FrameScheduler(() => {
      this.#showText();
      onPaint();
    });
    this.#edit = new EditForm(context, (text) => {
      this.#endEdit();
      if (text !== undefined) post({ kind: "edit", messageId: message.id, text });
    });
    this.#actions = new MessageActions(context, message.role, {
      messageId: message.id,
      text: () => this.#message.text,
      edit: () => {
        this.element.classList.add("editing");
        this.#edit.open(this.#message.text);
      },
    });
    const isUser = message.role === "user";
    this.element = element(
      "article",
      { class: `message ${message.role}` },
      element("h2", {}, isUser ? texts.you : texts.assistant),
      this.#attachments.element,
      ...(isUser ? [this.#userText, this.#edit.element] : [this.#thinking.element, this.#reply.element]),
      this.#progress,
      this.#note,
      this.#actions.element,
    );
  }

  /** The reply and how it ended, for screen readers. */
  get spokenText(): string {
    // `innerText` keeps the line breaks between blocks; `textContent` would join their words.
    return `${this.#reply.element.innerText}\n${this.#note.textContent}`.trim();
  }

  show(message: ChatMessage, isWriting: boolean): void {
    this.#message = message;
    this.#isWriting = isWriting;
    this.#frames.cancel();
    this.element.classList.toggle("writing", isWriting);
    this.#attachments.show(message.attachments);
    this.#showText();
    this.#showNote();
    this.#actions.show(message);
  }

  append(thinking: string, text: string): void {
    const { thinking: thoughtBefore, text: textBefore } = this.#message;
    this.#message = { ...this.#message, thinking: thoughtBefore + thinking, text: textBefore + text };
    this.#frames.request();
  }

  #showText(): void {
    const { role, text, thinking } = this.#message;
    if (role === "user") {
      setText(this.#userText, text);
      return;
    }
    this.#thinking.show(thinking, this.#isWriting && text === "");
    this.#reply.show(text, !this.#isWriting);
  }

  #showNote(): void {
    const { ending, problem } = this.#message;
    const { stopped, limit, repeats, noReply, failed } = this.#context.texts;
    const texts = { whole: undefined, stopped, limit, repeats, noReply, failed: problem ?? failed };
    // `ending` may come from a stored conversation, so it can be any string.
    const text = this.#isWriting || !Object.hasOwn(texts, ending) ? undefined : texts[ending];
    this.#note.hidden = text === undefined;
    this.#note.classList.toggle("error", ending === "failed");
    if (this.#note.textContent !== (text ?? ""))
      this.#note.replaceChildren(icon(ending === "failed" ? "error" : "info"), text ?? "");
  }

  #endEdit(): void {
    this.element.classList.remove("editing");
    this.#edit.element.hidden = true;
    this.#actions.focusEdit();
  }
}
