import type { ChatMessage } from "../../src/shared/chatMessages.js";
import { format, type Context } from "./context.js";
import { element, iconButton, setText } from "./dom.js";

/** The message to which the buttons apply. */
interface Subject {
  readonly messageId: string;
  readonly text: () => string;
  readonly edit: () => void;
}

/** The row of buttons below a message. */
export class MessageActions {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #branch: HTMLElement;
  readonly #branchNumber = element("span");
  readonly #editButton: HTMLButtonElement;

  constructor(context: Context, role: ChatMessage["role"], subject: Subject) {
    const { texts, post } = context;
    const { messageId, text, edit } = subject;
    this.#context = context;
    const step = (by: -1 | 1) => (): void => {
      post({ kind: "showBranch", messageId, by });
    };
    this.#branch = element(
      "span",
      { class: "branch" },
      iconButton("chevron-left", texts.previousBranch, step(-1)),
      this.#branchNumber,
      iconButton("chevron-right", texts.nextBranch, step(1)),
    );
    const copy = iconButton("copy", texts.copyMessage, () => {
      post({ kind: "copy", code: text() });
    });
    this.#editButton = iconButton("edit", texts.edit, edit);
    const regenerate = iconButton("refresh", texts.regenerate, () => {
      post({ kind: "regenerate", messageId });
    });
    regenerate.classList.add("regenerate");
    const remove = iconButton("trash", texts.delete, () => {
      post({ kind: "delete", messageId });
    });
    const own = role === "user" ? [this.#editButton, regenerate] : [regenerate];
    this.element = element("div", { class: "actions" }, this.#branch, copy, ...own, remove);
  }

  show({ branch }: ChatMessage): void {
    this.#branch.hidden = branch.count < 2;
    setText(this.#branchNumber, format(this.#context.texts, this.#context.texts.branch, branch.number, branch.count));
  }

  focusEdit(): void {
    this.#editButton.focus();
  }
}
