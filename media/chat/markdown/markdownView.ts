import type { MarkedToken, Tokens } from "marked";
import type { Context } from "../context.js";
import { element } from "../dom.js";
import { blockNode, updateList } from "./blocks.js";
import { CodeBlock, isClosed } from "./codeBlock.js";
import { blockTokens } from "./lexer.js";

interface RenderedBlock {
  /** UTF-16 offset of the block in the text. */
  readonly start: number;
  readonly token: MarkedToken;
  readonly isFinished: boolean;
  readonly node: Node;
  readonly code: CodeBlock | undefined;
}

/**
 * Number of blocks at the end that more text can still change: the last block, and the block before it, which may
 * absorb the last block. For example, `2` below a list becomes part of the list when a period follows.
 */
const openBlocks = 2;

/** Matches a last line that may become a list item or underline a heading. It is hidden while more text may follow. */
const unfinishedUnderline = /\n {0,3}(?:-+|=+)[ \t]*$/;

/** Rendered Markdown. When its text grows, only the last blocks are lexed and rendered again. */
export class MarkdownView {
  readonly element = element("div", { class: "markdown" });
  readonly #context: Context;
  #text = "";
  #isFinished = true;
  #rendered: readonly RenderedBlock[] = [];

  constructor(context: Context) {
    this.#context = context;
  }

  /** Shows text. @param isFinished false while more text may be added. */
  show(text: string, isFinished: boolean): void {
    const lines = text.replace(/\r\n?/g, "\n");
    const next = isFinished ? lines : lines.replace(unfinishedUnderline, "");
    if (next === this.#text && isFinished === this.#isFinished) return;
    const kept = this.#rendered.slice(0, -openBlocks);
    const start = this.#rendered[kept.length]?.start ?? 0;
    const isExtended = next.startsWith(this.#text.slice(0, start));
    this.#text = next;
    this.#isFinished = isFinished;
    this.#showFrom(isExtended ? kept : [], isExtended ? start : 0);
  }

  #showFrom(kept: readonly RenderedBlock[], start: number): void {
    const before = this.#rendered.slice(kept.length);
    const shown = this.#blocksFrom(start).map((block, at) => this.#showBlock(block, before[at]));
    for (const { node } of before.slice(shown.length)) node.parentNode?.removeChild(node);
    this.#rendered = [...kept, ...shown];
  }

  #blocksFrom(start: number): readonly Pick<RenderedBlock, "start" | "token" | "isFinished">[] {
    const blocks: { start: number; token: MarkedToken }[] = [];
    for (const token of blockTokens(this.#text.slice(start))) {
      if (token.type !== "space") blocks.push({ start, token });
      start += token.raw.length;
    }
    return blocks.map((block, at) => {
      const isLast = at === blocks.length - 1;
      const isClosedCode = block.token.type === "code" && isClosed(block.token);
      return { ...block, isFinished: this.#isFinished || !isLast || isClosedCode };
    });
  }

  /** Renders a block. It replaces or updates the old block at its place; if there is none, it is appended. */
  #showBlock(
    block: Pick<RenderedBlock, "start" | "token" | "isFinished">,
    old: RenderedBlock | undefined,
  ): RenderedBlock {
    const { token, isFinished } = block;
    if (old?.token.type === token.type && old.token.raw === token.raw && old.isFinished === isFinished)
      return { ...old, ...block };
    if (token.type === "code") {
      const code = old?.code ?? new CodeBlock(this.#context);
      code.show(token, isFinished);
      return this.#put({ ...block, code, node: code.element }, old);
    }
    if (token.type === "list" && old?.node instanceof HTMLElement && isSameList(old.token, token)) {
      updateList(old.node, { ...old, token: old.token }, { token, isFinished }, this.#context);
      return { ...old, ...block };
    }
    return this.#put({ ...block, code: undefined, node: blockNode(token, isFinished, this.#context) }, old);
  }

  #put(shown: RenderedBlock, old: RenderedBlock | undefined): RenderedBlock {
    if (old === undefined) this.element.append(shown.node);
    else if (old.node !== shown.node) this.element.replaceChild(shown.node, old.node);
    return shown;
  }
}

/** True if a list's DOM element can be reused: the old token is also a list, of the same kind and first number. */
function isSameList(before: MarkedToken, now: Tokens.List): before is Tokens.List {
  return before.type === "list" && before.ordered === now.ordered && before.start === now.start;
}
