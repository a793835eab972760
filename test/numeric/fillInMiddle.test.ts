import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { CheckpointedReader } from "../../src/core/states/checkpointedReader.js";
import { readLimits } from "../../src/core/completion/readLimits.js";
import { planRead } from "../../src/core/completion/readPlan.js";
import { promptFor } from "../../src/core/completion/promptFor.js";
import { emptyBlockHash, TokenPrefix } from "../../src/core/tokens/tokenPrefix.js";
import { importModel } from "../../src/rwkv/import/importModel.js";
import { loadModel } from "../../src/rwkv/load.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { logitsAfter, maxDifference } from "../support/numeric.js";
import { fixtures, sharedPlace } from "../support/paths.js";
import { randomFrom } from "../support/random.js";
import { completeAt, openSession, testInference } from "../support/testInference.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { tensorFile, tensorsOf, type WrittenTensor } from "../support/tensorFile.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

const worldTokens = 65_536;
const width = 128;

/** The small model with a random embedding and head for the World vocabulary. */
function worldModel(): Uint8Array {
  const random = randomFrom(9);
  const table = (): WrittenTensor => {
    // bf16 numbers from 2^-7 to 2^-4, with random signs
    const values = Uint16Array.from({ length: worldTokens * width }, () => 0x3c00 + random.below(0x180));
    for (let i = 0; i < values.length; i++) values[i]! |= random.below(2) << 15;
    return { dtype: "BF16", shape: [worldTokens, width], bytes: new Uint8Array(values.buffer) };
  };
  const small = tensorsOf(openSafetensors(path.join(fixtures, "rwkv/v7-small/model.safetensors")));
  return tensorFile({ ...small, "emb.weight": table(), "head.weight": table() });
}

const vocabulary = sharedPlace("fixtures/tokenizer-world/rwkv_vocab_v20230424.txt");
const lines = (count: number): string =>
  Array.from({ length: count }, (_, i) => `    const value${i} = compute(${i}, limit);\n`).join("");

test("a World model imported to fill in the middle is exact at each keystroke", { skip: vocabulary.skip }, () =>
  inTemporaryFolder(async (folder) => {
    const source = path.join(folder, "world.safetensors");
    writeFileSync(source, worldModel());
    const options = {
      folder: path.join(folder, "made"),
      name: "world",
      quantization: "none",
      chat: "none",
      prompt: "suffix-prefix-middle",
      vocabulary: vocabulary.path,
    } as const;
    await importModel(source, options, { onProgress: () => undefined, cancellation: neverCancelled });
    const model = await loadModel(options.folder, { threads: 1, weights: "fp32" });
    const sentinels = { prefix: "✿prefix✿", suffix: "✿suffix✿", middle: "✿middle✿", sentinelPrefix: "✿" };
    assert.deepEqual(model.prompt.textSentinels, sentinels);
    const inference = testInference(model, { limits: { maxTokens: 2 } });
    const session = openSession(inference, `${lines(60)}\n${lines(20)}`);
    const { document } = session;
    const checking = new CheckpointedReader(inference, "inline", new TokenPrefix(emptyBlockHash(model.id), 0, []));
    const keys: number[] = [];
    for (const [edited, text] of [
      [60, ""],
      [60, "    co"],
      [60, "    const total = "],
      [60, "    const total = sum(a);\n    "],
      [61, "    re"],
      [60, ""],
      [30, "    const value30"],
      [30, "    const "],
    ] as const) {
      session.edit({ startLine: edited, endLine: edited + 1, text: `${text}\n` });
      const line = edited + text.split("\n").length - 1;
      const [rawLine = ""] = document.lines(line, line + 1);
      const prompt = promptFor({ session, line, linePrefix: rawLine }, model, Infinity);
      assert.ok(prompt.suffix.length > 0);
      const plan = planRead(session, prompt, inference.store, { prefixMode: "full", ...readLimits(model, Infinity) });
      checking.restore(plan.from, plan.state);
      const left = [...plan.base, ...plan.suffix, ...plan.tail, ...prompt.linePrefix];
      const read = await checking.read(left, { want: "last", cancellation: neverCancelled });
      const logits = left.length > 0 ? read.slice() : plan.logits!;
      const all = [
        ...document.tokens.tokens(0, prompt.baseTokens),
        ...prompt.suffix,
        ...prompt.tail,
        ...prompt.linePrefix,
      ];
      const difference = maxDifference(logits, await logitsAfter(model.open(), all));
      assert.ok(difference <= 1e-4, `${difference} at ${line} ${JSON.stringify(text)}`);
      const at = { rawLine, line, character: rawLine.length };
      assert.doesNotMatch(await completeAt(inference, session, at, { trigger: "invoked", prefixMode: "full" }), /✿/);
      keys.push(left.length);
    }
    // After a keystroke, only the line prefix is read; after a newline, the previous line and the line prefix.
    assert.ok([1, 2, 3, 4, 7].every((i) => keys[i]! <= 16) && keys[0]! > 300, keys.join());
    checking.dispose();
    await model.dispose();
  }),
);
