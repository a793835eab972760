import type { ChatState, ConversationEntry } from "../../src/shared/chatMessages.js";
import type { Context } from "./context.js";
import { element, iconButton, setText } from "./dom.js";

const dayMs = 86_400_000;

/** The list of conversations, grouped by day, and the commands for them. */
export class Header {
  readonly element: HTMLElement;
  readonly #language: string;
  /** Title of a conversation without messages. */
  readonly #untitled: string;
  readonly #title = element("h1", { class: "for-readers" });
  readonly #choice: HTMLSelectElement;
  readonly #export: HTMLButtonElement;
  #shown = "";
  #open = "";

  constructor({ texts, post }: Context) {
    this.#language = texts.language;
    this.#untitled = texts.newConversation;
    this.#choice = element("select", { class: "conversations", "aria-label": texts.conversation });
    this.#choice.addEventListener("change", () => {
      post({ kind: "openConversation", id: this.#choice.value });
    });
    const add = iconButton("add", texts.newConversation, () => {
      post({ kind: "newConversation" });
    });
    const remove = iconButton("trash", texts.deleteConversation, () => {
      post({ kind: "deleteConversation", id: this.#open });
    });
    const search = iconButton("search", texts.searchConversations, () => {
      post({ kind: "searchConversations" });
    });
    this.#export = iconButton("export", texts.exportConversation, () => {
      post({ kind: "exportConversation" });
    });
    this.element = element("header", {}, this.#title, this.#choice, search, this.#export, add, remove);
  }

  show({ conversation, conversations, messages }: ChatState): void {
    this.#export.disabled = messages.length === 0;
    this.#open = conversation.id;
    const title = this.#titleOf(conversation);
    setText(this.#title, title);
    const isListed = conversations.some(({ id }) => id === conversation.id);
    const all = isListed ? conversations : [{ ...conversation, changed: Date.now() }, ...conversations];
    const shown = JSON.stringify(all.map(({ id, title, changed }) => [id, title, this.#day(changed)]));
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#choice.replaceChildren(...this.#days(all));
    }
    this.#choice.value = conversation.id;
    this.#choice.title = title;
  }

  #days(conversations: readonly ConversationEntry[]): readonly HTMLElement[] {
    const days = new Map<string, HTMLElement>();
    for (const conversation of conversations) {
      const label = this.#day(conversation.changed);
      const day = days.get(label) ?? element("optgroup", { label });
      day.append(element("option", { value: conversation.id }, this.#titleOf(conversation)));
      days.set(label, day);
    }
    return [...days.values()];
  }

  #titleOf({ title }: Pick<ConversationEntry, "title">): string {
    return title === "" ? this.#untitled : title;
  }

  /** Formats the day of a change in the language of the texts: “today”, “yesterday”, “3 days ago”, …, or a date. */
  #day(changed: number): string {
    const midnight = (time: number): number => new Date(time).setHours(0, 0, 0, 0);
    const days = Math.round((midnight(Date.now()) - midnight(changed)) / dayMs);
    return days < 7
      ? new Intl.RelativeTimeFormat(this.#language, { numeric: "auto" }).format(-days, "day")
      : new Date(changed).toLocaleDateString(this.#language, { dateStyle: "medium" });
  }
}
