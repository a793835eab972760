import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { active, commandResults, diagnostics, dialogs } from "../support/vscodeStandIn.js";
import { FakeEditor, Range } from "../support/fakeEditor.js";
import { memento } from "../support/memento.js";
import type { CompletionClient } from "../../src/extension/completionClient.js";
import { EditorGeneration } from "../../src/extension/editorGeneration.js";
import { CodeCommands } from "../../src/extension/instructions/codeCommands.js";
import { Instructions } from "../../src/extension/instructions/instructions.js";
import { ModelCapabilities } from "../../src/extension/instructions/modelCapabilities.js";
import { Rewriter } from "../../src/extension/instructions/rewriter.js";
import type { SelectedText } from "../../src/extension/instructions/selectedText.js";
import type { Settings } from "../../src/extension/settings.js";
import type { ChatParams, ChatDelta, ChatResult, GenerateDelta } from "../../src/shared/protocol.js";

beforeEach(() => {
  dialogs.reset();
  diagnostics.length = 0;
  commandResults.clear();
});

interface Model {
  /** The deltas of each reply; undefined for a model that was not trained to follow instructions. */
  readonly replies?: readonly string[];
  readonly stop?: ChatResult["stop"];
}

/** The instruction commands in an editor with the text `marked`, and records of what they did. */
function commands(marked: string, { replies, stop = "end" }: Model = {}) {
  const editor = new FakeEditor(marked);
  active.editor = editor;
  const asked: string[] = [];
  const client = {
    documents: { blocker: () => undefined },
    start: async () => undefined,
    startFor: async () => undefined,
    model: async () => ({ chat: replies === undefined ? "none" : "world", model: "World 0.1B" }),
    generate: async (_: unknown, __: unknown, onDelta: (delta: GenerateDelta) => void) => {
      onDelta({ text: "x", replaced: 0 });
    },
    chat: async ({ turns }: ChatParams, onDelta: (delta: ChatDelta) => void) => {
      asked.push(turns[0]!.message);
      for (const text of replies ?? []) {
        onDelta({ text, written: text, thinking: "" });
        await new Promise(setImmediate); // lets an edit finish before the next delta arrives
      }
      return { stop, text: (replies ?? []).join("") };
    },
  } as unknown as CompletionClient; // only these members are used
  const settings = (): Settings => ({ chatSystem: "", generateMaxLines: 40 }) as unknown as Settings;
  const generation = new EditorGeneration(client, settings);
  const offered: { selected: SelectedText; text: string }[] = [];
  const diff = {
    offer: async (_: unknown, selected: SelectedText, text: string) => void offered.push({ selected, text }),
  };
  const rewriter = new Rewriter({ client, settings, generation, diff: diff as never });
  const capabilities = new ModelCapabilities(client);
  const explained: string[] = [];
  const instructions = new Instructions({
    client,
    generation,
    chat: {
      ask: async (message, attachments) => {
        explained.push(message, ...attachments.map(({ label, text }) => `${label} ${text}`));
      },
    },
    showChat: async () => void explained.push("chat"),
    rewriter,
    capabilities,
    memento: memento() as never,
    settings,
  });
  const code = new CodeCommands({ generation, capabilities, rewriter });
  return { editor, instructions, code, asked, offered, explained };
}

const code = "```ts\nif (a) {\n  b();\n}\n```\n";

test("code for an instruction is written at the cursor line by line, indented, without its fence", async () => {
  dialogs.reset("Enter");
  const { editor, instructions, asked } = commands("f();\n  ║\n", {
    replies: ["```ts\nif (a) {\n", "  b();\n}\n``", "`\n"],
  });
  await instructions.generate("call b");
  assert.equal(editor.marked, "f();\n  if (a) {\n    b();\n  }║\n");
  assert.equal(editor.edits.length, 2);
  assert.match(asked[0]!, /line 2 of a\.ts.*\n```typescript\nf\(\);\n```\nTask: call b\n/);
});

test("the prompt of an instruction contains the 20 lines above the cursor", async () => {
  dialogs.reset("Enter");
  const lines = Array.from({ length: 30 }, (_, i) => `line${i + 1};`);
  const { instructions, asked } = commands(`${lines.join("\n")}\n║`, { replies: [code] });
  await instructions.generate("x");
  assert.deepEqual(asked[0]!.match(/line\d+;/g), lines.slice(10));
});

test("a model without instructions continues below the instruction as a comment, if the user agrees; the question is asked once", async () => {
  dialogs.reset("Enter");
  dialogs.presses = ["Continue Anyway"];
  const { editor, instructions, asked } = commands("║", {});
  await instructions.generate("call b");
  assert.equal(editor.marked, "// call b\nx║");
  dialogs.reset("Enter");
  await instructions.generate("call c");
  assert.equal(dialogs.shown.join().includes("was not trained"), false);
  assert.deepEqual(asked, []);
});

for (const [button, command] of [
  ["Get a Model…", "rwkvCode.getModel"],
  ["Select Model…", "rwkvCode.selectModel"],
] as const) {
  test(`a model without instructions can be replaced: ${button}`, async () => {
    dialogs.presses = [button];
    const { editor, instructions } = commands("«a»", {});
    await instructions.rewrite("b");
    assert.deepEqual(dialogs.changed, [command]);
    assert.equal(editor.document.getText(), "a");
  });
}

test("a rewrite is offered as a diff of the selection, and unfinished or missing code is reported", async () => {
  for (const [replies, stop, offered, shown] of [
    [["```ts\nb\n```"], "end", ["b"], undefined],
    [["```ts\nb"], "limit", [], "RWKV Code: The model did not finish the rewrite. Nothing was changed."],
    [[""], "end", [], "RWKV Code: The model wrote no code."],
  ] as const) {
    dialogs.reset("Enter");
    const one = commands("let x = «a»;\n", { replies, stop });
    await one.instructions.rewrite("better");
    assert.deepEqual(
      one.offered.map(({ text }) => text),
      offered,
    );
    if (shown !== undefined) assert.equal(dialogs.shown.at(-1), shown);
    for (const { selected } of one.offered) assert.deepEqual([selected.text, selected.offset], ["a", 8]);
  }
});

test("without a selection nothing is rewritten or explained", async () => {
  const { instructions, asked, explained } = commands("a║", { replies: [code] });
  await instructions.rewrite("b");
  await instructions.explain();
  assert.deepEqual(dialogs.shown, Array(2).fill("RWKV Code: Select some code first."));
  assert.deepEqual([asked, explained], [[], []]);
});

test("the selection is explained in the chat, by a question or by a comment to continue", async () => {
  const trained = commands("let «a»;\n", { replies: [] });
  await trained.instructions.explain();
  assert.match(trained.explained[1]!, /^Explain this part of a\.ts/);
  assert.deepEqual([trained.explained[0], trained.explained[2]], ["chat", "a.ts:1 a"]);
  dialogs.presses = ["Continue Anyway"];
  const untrained = commands("let «a»;\n", {});
  await untrained.instructions.explain();
  assert.equal(untrained.explained[1], "// What the code above does, step by step:");
});

const inner = { name: "g", kind: 5, range: new Range(1, 0, 3, 1), children: [] };
const variable = { name: "v", kind: 12, range: new Range(2, 0, 2, 4), children: [] };
const outer = { name: "A", kind: 4, range: new Range(0, 0, 4, 1), children: [{ ...inner, children: [variable] }] };
const nested = "class A {\ng() {\nle║t;\n}\n}\nlet z;\n";

test("the innermost function or type at the cursor is documented, or the selection", async () => {
  commandResults.set("vscode.executeDocumentSymbolProvider", [outer]);
  const atCursor = commands(nested, { replies: ["```ts\nx\n```"] });
  await atCursor.code.document();
  assert.deepEqual(
    atCursor.offered.map(({ selected }) => selected.text),
    ["g() {\nlet;\n}"],
  );
  const chosen = commands("class «A» {\n}\n", { replies: ["```ts\nx\n```"] });
  await chosen.code.document();
  assert.deepEqual(
    chosen.offered.map(({ selected }) => selected.text),
    ["A"],
  );
  const nothing = commands("║let z;\n", { replies: ["```ts\nx\n```"] });
  commandResults.clear();
  await nothing.code.document();
  assert.deepEqual([nothing.offered, dialogs.shown.at(-1)], [[], "RWKV Code: Select some code first."]);
});

test("tests are written into a new document of the same language, and no code is reported", async () => {
  const written = commands("«a()»\n", { replies: ["```ts\ntest();\n```"] });
  await written.code.writeTests();
  assert.deepEqual(dialogs.opened, [{ language: "typescript", content: "test();\n" }]);
  dialogs.reset();
  const none = commands("«a()»\n", { replies: [""] });
  await none.code.writeTests();
  assert.deepEqual([dialogs.opened, dialogs.shown.at(-1)], [[], "RWKV Code: The model wrote no code."]);
  dialogs.reset();
  const untrained = commands("«a()»\n", {});
  await untrained.code.writeTests();
  assert.deepEqual([dialogs.opened, untrained.asked], [[], []]);
});

test("a problem is fixed within its function, or within the ten lines around it", async () => {
  const problem = { message: "z is unused", range: new Range(2, 0, 2, 2), severity: 1 };
  diagnostics.push({ message: "other", range: new Range(5, 0, 5, 1), severity: 1 }, problem);
  commandResults.set("vscode.executeDocumentSymbolProvider", [outer]);
  const within = commands(nested, { replies: ["```ts\nx\n```"] });
  await within.code.fixProblem();
  assert.deepEqual(
    within.offered.map(({ selected }) => selected.text),
    ["g() {\nlet;\n}"],
  );
  assert.match(within.asked[0]!, /Fix the problem in line 2 of it: z is unused/);
  commandResults.clear();
  const lines = Array.from({ length: 40 }, (_, i) => `l${i};`);
  diagnostics.length = 0;
  diagnostics.push({ ...problem, range: new Range(20, 0, 21, 1) });
  const around = commands(`║${lines.join("\n")}`, { replies: ["```ts\nx\n```"] });
  await around.code.fixProblem("z is unused", 20);
  assert.deepEqual(
    around.offered.map(({ selected }) => selected.text),
    [lines.slice(10, 32).join("\n")],
  );
  assert.match(around.asked[0]!, /line 11 of it/);
});

test("the first problem on the cursor's line is fixed, or the one that is named; otherwise there is none", async () => {
  for (const line of [0, 2])
    diagnostics.push({ message: `in ${line}`, range: new Range(line, 1, line, 2), severity: 0 });
  for (const [marked, message, line, fixed] of [
    ["aa\nbb\nc║c\n", undefined, undefined, "in 2"],
    ["a║a\nbb\ncc\n", "in 2", 2, "in 2"],
    ["a║a\nbb\ncc\n", "in 2", 0, undefined],
    ["aa\nb║b\ncc\n", undefined, undefined, undefined],
  ] as const) {
    const one = commands(marked, { replies: ["```ts\nx\n```"] });
    await one.code.fixProblem(message, line);
    assert.deepEqual(
      one.asked.map((prompt) => /of it: (.*)/.exec(prompt)?.[1]),
      fixed === undefined ? [] : [fixed],
    );
    if (fixed === undefined) assert.equal(dialogs.shown.at(-1), "RWKV Code: There is no problem at the cursor.");
  }
});
