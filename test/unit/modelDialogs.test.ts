import assert from "node:assert/strict";
import path from "node:path";
import test, { beforeEach } from "node:test";
import { dialogs, fileUri } from "../support/vscodeStandIn.js";
import { memento } from "../support/memento.js";
import { AccessTokens, suggestedTokenHost } from "../../src/extension/models/accessTokens.js";
import type { CommandLine } from "../../src/extension/models/commandLine.js";
import { askImportRequest } from "../../src/extension/models/importRequest.js";
import { askOtherModel } from "../../src/extension/models/otherModel.js";
import { hubsFor } from "../../src/hub/hubs.js";
import type { InspectLine } from "../../src/shared/cliOutput.js";

beforeEach(() => {
  dialogs.reset();
});

/** Runs the import dialogs. @param line what inspecting the file finds. @param taken names of other models. */
async function request(line: Partial<InspectLine>, taken: readonly string[] = []) {
  const inspected: string[] = [];
  const commandLine = {
    inspect: async (file: string) => {
      inspected.push(path.basename(file));
      return {
        parameters: 1e8,
        isVocabularyMissing: false,
        importedBytes: { none: 4e8, int8: 1e8, int4: 5e7 },
        ...line,
      };
    },
  } as unknown as CommandLine; // only these members are used
  return { asked: await askImportRequest(commandLine, taken), inspected };
}

test("an import needs a file and a format for its weights; its name is that of the file", async () => {
  dialogs.answer = "4 bits a weight";
  dialogs.files = [fileUri("/models/World 0.1B: x.pth")];
  const { asked, inspected } = await request({});
  assert.deepEqual(inspected, ["World 0.1B: x.pth"]);
  const source = "/models/World 0.1B: x.pth";
  assert.deepEqual(asked, {
    source,
    vocabulary: undefined,
    quantization: "int4",
    prompt: undefined,
    name: "World 0.1B_ x.pth",
  });
});

test("an import ends without a further question if the user chooses no file, or then no format", async () => {
  assert.deepEqual(await request({}), { asked: undefined, inspected: [] });
  dialogs.files = [fileUri("/a.pth")];
  assert.equal((await request({})).asked, undefined);
});

test("a file that is not on this machine is refused", async () => {
  dialogs.files = [fileUri("/a.pth", "vscode-remote")];
  await assert.rejects(request({}), /\/a\.pth is not on this machine/);
});

test("a missing vocabulary is asked for; without one nothing is imported", async () => {
  dialogs.answer = "8 bits a weight (recommended)";
  dialogs.files = [fileUri("/a.pth"), fileUri("/vocabulary.txt")];
  assert.equal((await request({ isVocabularyMissing: true })).asked, undefined);
  dialogs.presses = ["Choose File…"];
  dialogs.files = [fileUri("/a.pth"), fileUri("/vocabulary.txt")];
  assert.equal((await request({ isVocabularyMissing: true })).asked?.vocabulary, "/vocabulary.txt");
  assert.equal(dialogs.shown.at(-4), "Vocabulary of the Model");
});

test("the suggested prompt form comes first, and the user's choice is taken", async () => {
  const labels = { prefix: "The text above the cursor", suffix: "The text above and below the cursor" };
  dialogs.files = [fileUri("/a.pth")];
  dialogs.answer = "8 bits a weight (recommended)";
  assert.equal((await request({ suggestedPrompt: "suffix-prefix-middle" })).asked, undefined);
  assert.deepEqual(dialogs.shown.slice(-2), [`${labels.suffix} what the name suggests`, labels.prefix]);
  dialogs.reset();
  dialogs.files = [fileUri("/a.pth")];
  dialogs.answers = ["8 bits a weight (recommended)", labels.suffix];
  const { asked } = await request({ suggestedPrompt: "prefix" });
  assert.deepEqual(dialogs.shown.slice(-2), [`${labels.prefix} what the name suggests`, labels.suffix]);
  assert.equal(asked?.prompt, "suffix-prefix-middle");
});

for (const [button, name] of [
  ["Replace", "Small"],
  ["Keep Both", "small-2"],
  [undefined, undefined],
] as const) {
  test(`if the name is taken: ${button ?? "the dialog closed"}`, async () => {
    dialogs.files = [fileUri("/x.pth")];
    dialogs.answer = "8 bits a weight (recommended)";
    if (button !== undefined) dialogs.presses = [button];
    assert.equal((await request({ publishedName: "small" }, ["Small"])).asked?.name, name);
  });
}

function tokens() {
  const secrets = new Map<string, string>();
  const storage = {
    get: async (key: string) => secrets.get(key),
    store: async (key: string, value: string) => void secrets.set(key, value),
    delete: async (key: string) => void secrets.delete(key),
  };
  return { secrets, access: new AccessTokens(storage as never, memento() as never) };
}

test("a token is kept for one host, whatever its case, until it is removed", async () => {
  const { access, secrets } = tokens();
  for (const host of [" HuggingFace.co ", "huggingface.co", "hub.example:8080"]) {
    dialogs.inputs = [host, " hf_x "];
    await access.set("suggested");
  }
  assert.deepEqual([await access.of("huggingface.CO"), await access.of("other")], ["hf_x", undefined]);
  dialogs.reset("huggingface.co");
  await access.remove();
  assert.deepEqual(dialogs.shown, ["huggingface.co", "hub.example:8080"]);
  assert.deepEqual([...secrets.keys()], ["hub.token.hub.example:8080"]);
  dialogs.reset("hub.example:8080");
  await access.remove();
  assert.deepEqual(dialogs.shown, ["hub.example:8080"]);
  dialogs.reset();
  await access.remove();
  assert.deepEqual(dialogs.shown, ["RWKV Code: No access token is set."]);
});

for (const [inputs, problem] of [
  [["https://huggingface.co", "x"], "A host name, such as huggingface.co"],
  [["huggingface.co", "two words"], "A token has no spaces."],
  [["huggingface.co"], "A token has no spaces."],
  [[], undefined],
] as const) {
  test(`no token is kept for ${JSON.stringify(inputs)}`, async () => {
    const { access, secrets } = tokens();
    dialogs.inputs = [...inputs];
    await access.set("huggingface.co");
    assert.deepEqual([dialogs.shown[0], secrets.size], [problem, 0]);
  });
}

test("the host that is suggested for a token is that of the first hub", () => {
  assert.equal(suggestedTokenHost("https://mirror.example:8443"), "mirror.example:8443");
});

const hubs = hubsFor("https://mirror.example", undefined);
const other = () => askOtherModel(hubs, async () => undefined);

test("the address of a file is accepted without further questions; other text is refused with the reason", async () => {
  dialogs.inputs = ["https://mirror.example/owner/repository/resolve/main/small.gguf"];
  const found = await other();
  assert.equal(found?.name, "small");
  assert.equal(found.file.name, "small.gguf");
  dialogs.reset();
  dialogs.inputs = ["no address"];
  assert.equal(await other(), undefined);
  assert.equal(dialogs.shown.length, 1);
  dialogs.reset();
  dialogs.inputs = [];
  assert.equal(await other(), undefined);
  assert.deepEqual(dialogs.shown, []);
});
