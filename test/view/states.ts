import type { ChatMessage, ChatState } from "../../src/shared/chatMessages.js";

/** A complete message without other branches. @param more overrides fields. */
export function message(
  id: string,
  role: ChatMessage["role"],
  text: string,
  more: Partial<ChatMessage> = {},
): ChatMessage {
  return {
    id,
    role,
    text,
    thinking: "",
    attachments: [],
    branch: { number: 1, count: 1 },
    ending: "whole",
    problem: undefined,
    ...more,
  };
}

/** The state of a conversation with a model that can reply. @param more overrides fields. */
export function state(more: Partial<ChatState> = {}): ChatState {
  return {
    conversation: { id: "c1", title: "A stable sort" },
    scratchpadLanguage: "Python",
    messages: [],
    conversations: [{ id: "c1", title: "A stable sort", changed: Date.now() }],
    deleted: undefined,
    attachments: [],
    model: {
      name: "RWKV-7 G1 0.4B",
      chat: "g1",
      isScratchpad: false,
      problem: undefined,
      think: "on",
      isLoading: false,
    },
    writing: undefined,
    cost: undefined,
    ...more,
  };
}

export const sampleReply = `A sort is **stable** when equal elements keep their order. \`Array.prototype.sort\` is stable since *ES2019*; see [the specification](https://tc39.es/ecma262/).

## By hand

1. Pair each element with its index.
2. Compare the keys first:
   - a smaller key comes first,
   - for equal keys, the smaller index does.
3. Drop the indices.

\`\`\`ts
/** Sorts without changing the order of equals. */
export function stableSort<T>(items: readonly T[], compare: (a: T, b: T) => number): T[] {
  const indexed = items.map((item, index) => ({ item, index }));
  indexed.sort((a, b) => compare(a.item, b.item) || a.index - b.index); // the index decides
  return indexed.map(({ item }) => item);
}

console.log(stableSort([3, 1, 2], (a, b) => a - b), "done", true);
\`\`\`

> The pairs cost memory: about 16 bytes for each element.

| engine | stable since | note |
|:--|--:|:-:|
| V8 | 7.0 | TimSort |
| SpiderMonkey | 3 | merge sort |

- [x] read
- [ ] measured
`;

/**
 * The state of a conversation that shows nearly all elements of the view, for screenshots and the accessibility scan.
 */
export const fullState: ChatState = state({
  messages: [
    message("u1", "user", "How do I sort so that equal elements keep their order?\nIn TypeScript, please.", {
      attachments: [{ id: "a0", kind: "selection", label: "sorting.ts:10-24", tokens: 184 }],
      branch: { number: 2, count: 3 },
    }),
    message("m1", "assistant", sampleReply, {
      thinking: "They want a stable sort.\nSince ES2019 the built-in one is.",
    }),
    message("u2", "user", "Thanks. And in Python?"),
    message(
      "m2",
      "assistant",
      "`sorted` is stable:\n\n```python\nsorted(items, key=lambda item: item.key)  # stable\n```\n",
      {
        ending: "limit",
      },
    ),
  ],
  conversations: [
    { id: "c1", title: "A stable sort", changed: Date.now() },
    { id: "c2", title: "Why does the parser stop at a colon?", changed: Date.now() - 86_400_000 },
  ],
  attachments: [
    { id: "a1", kind: "file", label: "parser.ts", tokens: 1_204 },
    { id: "a2", kind: "selection", label: "a-file-with-a-rather-long-name.ts:10-24", tokens: undefined },
  ],
  cost: { tokensPerSecond: 21.37, tokensRead: 212, tokensFromCheckpoint: 1_480 },
});
