import { git } from "../support/editorEvents.js";
import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { dialogs, fileUri } from "../support/vscodeStandIn.js";
import { writeCommitMessage, type CommitMessageDependencies } from "../../src/extension/instructions/commitMessage.js";

beforeEach(() => {
  dialogs.reset();
});

interface Written {
  readonly changed?: readonly string[];
  /** The model's reply; undefined if the user cancels. */
  readonly reply?: string | undefined;
  readonly mode?: "instruct" | "continue";
}

/** Runs the command. @returns the text of the input box, which contained "draft", and the prompts for the model. */
async function written({ changed = ["a.ts"], reply, mode = "instruct" }: Written) {
  const repository = {
    rootUri: fileUri("/w"),
    inputBox: { value: "draft" },
    state: {
      indexChanges: [],
      workingTreeChanges: changed.map((name) => ({ uri: fileUri(`/w/${name}`), originalUri: fileUri(`/w/${name}`) })),
    },
    diffWithHEAD: async (file: string) => `diff --git a/${file.slice(3)} b/${file.slice(3)}\n+secret or not\n`,
  };
  git.api = { repositories: [repository] };
  const asked: string[] = [];
  const dependencies = {
    capabilities: { modeFor: async () => mode },
    rewriter: {
      replyTo: async (prompt: string) => {
        asked.push(prompt);
        return reply === undefined ? undefined : { text: reply };
      },
    },
    isExcluded: ({ path }: { readonly path: string }) => path.endsWith(".env"),
  } as unknown as CommitMessageDependencies; // only these members are used
  await writeCommitMessage(dependencies, undefined);
  return { text: repository.inputBox.value, asked };
}

test("a commit message about the changes is put into Git's input box, as the model wrote it", async () => {
  const { text, asked } = await written({ reply: "```\nAdd a parser\n```\n" });
  assert.equal(text, "Add a parser");
  assert.equal(asked.length, 1);
  assert.match(asked[0]!, /diff --git a\/a\.ts b\/a\.ts\n\+secret or not/);
  assert.deepEqual(dialogs.shown, []);
});

for (const [claim, options] of [
  ["the user cancels", { reply: undefined }],
  ["the model writes nothing", { reply: "\n" }],
] as const) {
  test(`the text in Git's input box stays if ${claim}`, async () => {
    assert.equal((await written(options)).text, "draft");
  });
}

test("a model that was not trained to follow instructions is not asked", async () => {
  assert.deepEqual(await written({ mode: "continue" }), { text: "draft", asked: [] });
});

test("without changes, or if all changed files are excluded, the user is told and nothing is asked", async () => {
  for (const changed of [[], [".env"]]) {
    assert.deepEqual(await written({ changed, reply: "x" }), { text: "draft", asked: [] });
    assert.match(dialogs.shown.at(-1)!, /There are no changes to describe/);
  }
});

test("without a repository the user is told what to open", async () => {
  git.api = { repositories: [] };
  await writeCommitMessage({} as CommitMessageDependencies, undefined); // no member is used
  assert.match(dialogs.shown.at(-1)!, /Open a folder with one Git repository/);
});
