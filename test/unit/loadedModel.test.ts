import assert from "node:assert/strict";
import test from "node:test";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Calibration } from "../../src/core/calibration.js";
import { ReplyTokenCache } from "../../src/core/chat/replyTokenCache.js";
import { isOnGrid } from "../../src/core/states/checkpointGrid.js";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import { toRequest } from "../../src/core/completion/editorRequest.js";
import { CompletionCounter } from "../../src/core/statistics.js";
import { defaultSettings, type ServerSettings } from "../../src/shared/protocol.js";
import { alternatives } from "../../src/server/alternatives.js";
import { LoadedModel } from "../../src/server/loadedModel.js";
import { FakeModel, type FakeModelOptions } from "../support/fakeModel.js";
import { complete, openSession, testInference, withCursor } from "../support/testInference.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

const knows = "function add(first, second) {\n  return first + second * third - fourth / fifth;\n}\n";
const marked = "function add(first, second) {\n  ret║";
const uri = "file:///src/a.ts";

const noScores = { longest: [-Infinity], entropy: [0], agreement: [0], model: [0], places: [0] };
/** Each token takes a little of the expected correctness, so that any two thresholds show different texts. */
const calibration: Calibration = {
  mixture: { bounds: noScores, experts: [noScores, noScores, noScores, noScores] },
  correctness: { bias: 2, sum: 0.05, least: 0, length: 0 },
};

interface Loaded {
  readonly loaded: LoadedModel;
  readonly model: FakeModel;
}

function load(
  options: FakeModelOptions,
  settings: Partial<ServerSettings> = {},
  store = new CheckpointStore(2 ** 22),
): Loaded {
  const model = new FakeModel({ knows, ...options });
  const loaded = new LoadedModel(
    model,
    { modelPath: "", store, replyTokens: new ReplyTokenCache() },
    {
      settings: () => ({ ...defaultSettings, timeBudgetMs: Infinity, ...settings }),
      counter: new CompletionCounter(),
      onReading: () => undefined,
      onError: (error) => {
        throw error;
      },
    },
  );
  return { loaded, model };
}

/** What the server shows at the cursor, asked by itself. */
async function shownAt(settings: Partial<ServerSettings>): Promise<string> {
  const { loaded } = load({ calibration }, settings);
  const { text, line, character } = withCursor(marked);
  loaded.open({ uri, headerPath: "src/a.ts" }, text);
  const session = loaded.session(uri)!;
  const place = { session, line, rawLine: text.split("\n")[line]!, character, selected: undefined };
  const options = { trigger: "automatic", prefixMode: "window", neighbors: [], arrivedMs: performance.now() } as const;
  const request = toRequest(place, options, loaded.model.tokenizer.sentinelBytes)!;
  const shown = await loaded.completer.complete(request, neverCancelled);
  await loaded.dispose();
  return shown?.text ?? "";
}

/** What a threshold shows there. */
async function shownWith(threshold: number): Promise<string> {
  const inference = testInference(new FakeModel({ knows, calibration }), { limits: { threshold } });
  return /├(.*)┤/.exec(await complete(inference, openSession(inference, ""), marked))?.[1] ?? "";
}

test("each level of the setting is a threshold of its own; without a setting it is 0.65", async () => {
  const levels = { careful: 0.8, balanced: 0.65, eager: 0.4, always: 0 } as const;
  const expected = await Promise.all(Object.values(levels).map(shownWith));
  assert.equal(new Set(expected).size, 4, JSON.stringify(expected));
  const shown = Object.keys(levels).map((level) => shownAt({ confidence: level as keyof typeof levels }));
  assert.deepEqual(await Promise.all(shown), expected);
  assert.equal(await shownAt({}), await shownWith(0.65));
});

test("a document keeps at least 8 checkpoints near the cursor, however little memory there is", () => {
  const { loaded } = load({}, {}, new CheckpointStore(1));
  loaded.open({ uri, headerPath: "src/a.ts" }, "let a = 1;\n".repeat(150));
  const { checkpoints } = loaded.session(uri)!;
  const { tokenCount } = loaded.session(uri)!.document.tokens;
  const blocks = Array.from({ length: Math.floor(tokenCount / 64) }, (_, i) => (i + 1) * 64);
  const worth = blocks.filter((count) => checkpoints.shouldSave(count));
  const zone = { cursorToken: 0, tokenCount, maxStates: 8 };
  assert.deepEqual(
    worth,
    blocks.filter((count) => isOnGrid(count, zone)),
  );
});

test("no alternatives are offered for a text that changed while they were made", async () => {
  const { text, line, character } = withCursor(marked);
  const document = TextDocument.create(uri, "typescript", 1, text);
  const answered = async (edit: (loaded: LoadedModel) => void): Promise<number> => {
    const { loaded } = load({ margin: 2 });
    loaded.open({ uri, headerPath: "src/a.ts" }, text);
    const params = { textDocument: { uri }, position: { line, character } };
    const pending = alternatives(loaded, document, params, {
      isCancellationRequested: false,
      onCancellationRequested: () => ({ dispose: () => undefined }),
    });
    edit(loaded);
    return (await pending).length;
  };
  assert.ok((await answered(() => undefined)) > 0);
  assert.equal(
    await answered((loaded) => {
      loaded.session(uri)!.setText(`${text}\nlet b;`);
    }),
    0,
  );
});
