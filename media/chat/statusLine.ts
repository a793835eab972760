import type { ChatState } from "../../src/shared/chatMessages.js";
import { format, tokenCount, type Context } from "./context.js";
import { element, setText } from "./dom.js";

/** The model's name, its speed, and how many tokens it read for the last reply. */
export class StatusLine {
  readonly element = element("p", { class: "status-line" });
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  show({ model, cost }: ChatState): void {
    const { texts } = this.#context;
    const parts = [model.isLoading ? texts.loading : model.name];
    if (cost !== undefined) {
      const speed = Math.round(cost.tokensPerSecond * 10) / 10;
      parts.push(format(texts, texts.tokensPerSecond, speed));
      parts.push(format(texts, texts.tokensRead, tokenCount(texts, cost.tokensRead), cost.tokensFromCheckpoint));
    }
    const text = parts.filter((part) => part !== "").join(" · ");
    setText(this.element, text);
    this.element.title = text;
  }
}
