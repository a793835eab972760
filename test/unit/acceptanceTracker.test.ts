import assert from "node:assert/strict";
import test from "node:test";
import { AcceptanceTracker } from "../../src/extension/acceptanceTracker.js";
import { PersistedCounts } from "../../src/extension/completionCounts.js";

/**
 * A step in a document that is empty at first, with the cursor at its end: ghost text is shown ("~", with alternatives
 * separated by "|"), text is typed or inserted ("+"), ghost text is accepted in full ("tab": an edit, then the
 * command), text is typed over the next character ("over"), and so on. "elsewhere" edits another document.
 */
type Step =
  | `~${string}`
  | `+${string}`
  | `over:${string}`
  | `tab:${string}`
  | "undo"
  | "backspace"
  | `elsewhere:${string}`
  | "two cursors";

/** Does the steps. @returns the counts that are not 0. */
async function counted(steps: readonly Step[], { isOfPopup = false } = {}): Promise<Record<string, number>> {
  const acceptance = new AcceptanceTracker();
  const kept = new PersistedCounts({ get: () => undefined, update: () => Promise.resolve() });
  let offset = 0;
  const edit = (text: string, { uri = "a.ts", length = 0, over = 0, isUndoOrRedo = false, copies = 1 } = {}): void => {
    const replacements = Array.from({ length: copies }, (_, at) => ({
      offset: offset - length + at * 9,
      length: length + over,
      text,
    }));
    kept.add(acceptance.changed({ uri, replacements, isUndoOrRedo }));
    // If the editor inserts the closer of "(", the cursor stays between the two.
    if (uri === "a.ts") offset += (text === "()" ? 1 : text.length) - length;
  };
  for (const step of steps) {
    if (step.startsWith("~")) {
      const rests = step.slice(1).split("|");
      kept.add(acceptance.shown({ uri: "a.ts", offset, remainingTexts: rests, isOfPopup }));
    } else if (step.startsWith("tab:")) {
      edit(step.slice(4));
      kept.add(acceptance.accepted());
    } else if (step.startsWith("elsewhere:")) edit(step.slice(10), { uri: "b.ts" });
    else if (step === "undo") edit("", { isUndoOrRedo: true });
    else if (step === "backspace") edit("", { length: 1 });
    else if (step === "two cursors") edit("x", { copies: 2 });
    else if (step.startsWith("over:")) edit(step.slice(5), { over: 1 });
    else edit(step.slice(1));
  }
  const { counts } = kept;
  await kept.save(); // stops its timer
  const { since, ...numbers } = counts;
  assert.ok(since > 0);
  return Object.fromEntries(Object.entries(numbers).filter(([, count]) => count !== 0));
}

const cases: readonly (readonly [string, readonly Step[], Record<string, number>])[] = [
  ["all of it is accepted", ["~foo(bar)", "tab:foo(bar)"], { shown: 1, accepted: 1, charactersAccepted: 8 }],
  ["a word is accepted", ["~first + second", "+first"], { shown: 1, partlyAccepted: 1, charactersAccepted: 5 }],
  ["a word of two letters is accepted", ["~if (a)", "+if"], { shown: 1, partlyAccepted: 1, charactersAccepted: 2 }],
  ["two letters of a longer word are typed", ["~iffy", "+if"], { shown: 1, charactersTyped: 2 }],
  [
    "a line of a block is accepted",
    ["~if (a) {\n  b();\n}", "+if (a) {\n"],
    { shown: 1, partlyAccepted: 1, charactersAccepted: 9 },
  ],
  [
    "two words are accepted, and the remaining text is shown again: one suggestion, partly accepted once",
    ["~first + second", "+first", "~ + second", "+ + ", "~second"],
    { shown: 1, partlyAccepted: 1, charactersAccepted: 8 },
  ],
  [
    "two words are accepted, and then everything else: accepted in full",
    ["~first + second", "+first", "~ + second", "+ + ", "~second", "tab:second"],
    { shown: 1, accepted: 1, charactersAccepted: 14 },
  ],
  [
    "the suggested text is typed to its end",
    ["~fog;", "+f", "~og;", "+o", "+g", "~;", "+;"],
    { shown: 1, typedOut: 1, charactersTyped: 4 },
  ],
  [
    "typed along to its end, and the next suggestion as well",
    ["~ab", "+a", "~b", "+b", "~cd", "+c", "~d", "+d"],
    { shown: 2, typedOut: 2, charactersTyped: 4 },
  ],
  ["typed along, but not to its end", ["~fog;", "+f", "~og;", "+o", "+g"], { shown: 1, charactersTyped: 3 }],
  [
    "its end is typed after a word was accepted: accepted in part, and not counted twice",
    ["~first;", "+first", "~;", "+;"],
    { shown: 1, partlyAccepted: 1, charactersAccepted: 5, charactersTyped: 1 },
  ],
  ["all of it is pasted", ["~first", "+first"], { shown: 1 }],
  [
    "brackets are typed, the closer over the editor's own",
    ["~f(a)", "+f", "~(a)", "+()", "~a)", "+a", "~)", "over:)"],
    { shown: 1, typedOut: 1, charactersTyped: 4 },
  ],
  [
    "one of two alternatives is typed to its end, then the longer one",
    ["~ab|abc", "+a", "+b", "+c"],
    { shown: 1, typedOut: 1, charactersTyped: 3 },
  ],
  [
    "a part is typed, and the rest is accepted",
    ["~return a", "+r", "~eturn a", "tab:eturn a"],
    { shown: 1, accepted: 1, charactersAccepted: 7, charactersTyped: 1 },
  ],
  [
    "its last character is accepted, not typed",
    ["~a;", "+a", "~;", "tab:;"],
    { shown: 1, accepted: 1, charactersAccepted: 1, charactersTyped: 1 },
  ],
  [
    "an opener is typed, and the editor inserts the closer",
    ["~(first)", "+()", "~first)"],
    { shown: 1, charactersTyped: 1 },
  ],
  ["Enter and its indentation are typed", ["~\n    return a;", "+\n    "], { shown: 1, charactersTyped: 1 }],
  ["Enter in a comment, and what the editor inserts after it", ["~\n * It adds.", "+\n * "], { shown: 1 }],
  ["something else is typed", ["~first", "+x", "~yz", "+ird"], { shown: 2, charactersTyped: 1 }],
  ["something else is pasted", ["~first", "+second"], { shown: 1 }],
  [
    "after other text was typed, its words do not count as accepted",
    ["~first + a", "+x", "+first"],
    { shown: 1, charactersTyped: 1 },
  ],
  ["deleted text is requested again", ["~ab", "+a", "backspace", "~ab"], { shown: 2, charactersTyped: 1 }],
  [
    "another document is edited in the meantime",
    ["~first + second", "elsewhere:first", "elsewhere:x", "+first"],
    { shown: 1, partlyAccepted: 1, charactersAccepted: 5, charactersTyped: 1 },
  ],
  ["a word is typed with two cursors", ["~xyz abc", "two cursors"], { shown: 1, charactersTyped: 1 }],
  ["an undo counts as nothing", ["~first", "undo"], { shown: 1 }],
  [
    "one alternative that is a prefix of another is accepted",
    ["~first|first + second", "tab:first"],
    { shown: 1, accepted: 1, charactersAccepted: 5 },
  ],
  [
    "a word of an alternative that was cycled to is accepted",
    ["~one(a)|other(b)", "+other"],
    { shown: 1, partlyAccepted: 1, charactersAccepted: 5 },
  ],
  [
    "line endings are the document's",
    ["~a();\r\nb();", "+a();\r\n"],
    { shown: 1, partlyAccepted: 1, charactersAccepted: 6 },
  ],
  ["the same text is shown again without an edit", ["~first", "~first"], { shown: 1 }],
  ["nothing was shown", ["+a", "+b", "+pasted text", "+\n  "], { charactersTyped: 3 }],
];

for (const [name, steps, counts] of cases) {
  test(name, async () => {
    assert.deepEqual(await counted(steps), counts);
  });
}

test("an entry of the popup is not counted as a part of the ghost text that extends it", async () => {
  assert.deepEqual(await counted(["~second.x", "+second"], { isOfPopup: true }), { shown: 1 });
  assert.deepEqual(await counted(["~second.x", "tab:second.x"], { isOfPopup: true }), {
    shown: 1,
    accepted: 1,
    charactersAccepted: 8,
  });
});
