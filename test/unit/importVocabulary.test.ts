import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { tokenize } from "../../src/core/tokens/healing.js";
import type { TokenId } from "../../src/core/model.js";
import { loadModel } from "../../src/rwkv/load.js";
import { findModel, type ModelFiles } from "../../src/rwkv/modelFolder.js";
import { sha256Of } from "../../src/rwkv/sha256.js";
import { smallBpeSize, smallTokenizerJson } from "../support/bpeFile.js";
import { importInto, refusal, smallOver, written } from "../support/importing.js";
import { sharedPlace } from "../support/paths.js";
import { inTemporaryFolder } from "../support/temporary.js";

/** Every byte and two further entries. */
const ownVocabulary = [
  ...Array.from({ length: 256 }, (_, byte) => `${byte + 1} b'\\x${byte.toString(16).padStart(2, "0")}' 1`),
  "257 'let ' 4",
  "258 '\\n\\n' 2",
];

test("a vocabulary is copied with LF line endings, and token 0 ends a document if it has no text", () =>
  inTemporaryFolder(async (folder) => {
    const vocabulary = path.join(folder, "own.txt");
    writeFileSync(vocabulary, `${ownVocabulary.join("\r\n")}\r\n`);
    await importInto(folder, written(folder, smallOver(300)), { vocabulary });
    const made = path.join(folder, "made");
    assert.equal(readFileSync(path.join(made, "vocab.txt"), "utf8"), `${ownVocabulary.join("\n")}\n`);
    const model = await loadModel(made, { threads: 1, weights: "fp32", engine: "onnxruntime" });
    const { tokenizer, prompt } = model;
    assert.deepEqual(tokenize(tokenizer, Buffer.from("let "), 0, 4), [257]);
    assert.equal(tokenizer.sentinelBytes.size, 0);
    assert.equal(prompt.endOfDocument, 0);
    assert.deepEqual([...tokenizer.bytesOf(0 as TokenId)], []);
    await model.dispose();
  }));

test("a given tokenizer.json is copied, and its special token ends a document", () =>
  inTemporaryFolder(async (folder) => {
    const vocabulary = path.join(folder, "own.json");
    writeFileSync(vocabulary, JSON.stringify(smallTokenizerJson()));
    await importInto(folder, written(folder, smallOver(smallBpeSize)), { vocabulary });
    const made = path.join(folder, "made");
    assert.equal(readFileSync(path.join(made, "tokenizer.json"), "utf8"), readFileSync(vocabulary, "utf8"));
    const model = await loadModel(made, { threads: 1, weights: "fp32", engine: "onnxruntime" });
    const text = Buffer.from(" return");
    const [token] = tokenize(model.tokenizer, text, 0, text.length);
    assert.deepEqual(Buffer.from(model.tokenizer.bytesOf(token!)), text);
    assert.equal(model.prompt.endOfDocument, 0);
    await model.dispose();
  }));

test("a World model without its vocabulary is rejected with the needed file and its origin", () =>
  inTemporaryFolder(async (folder) => {
    const source = written(folder, smallOver(65_536));
    assert.match(
      await refusal(folder, source),
      /small\.pth: needs the World vocabulary, rwkv_vocab_v20230424\.txt \(.*RWKV-LM .*package rwkv\); .*--tokenizer FILE/,
    );
    const beside = path.join(folder, "rwkv_vocab_v20230424.txt");
    writeFileSync(beside, ownVocabulary.join("\n"));
    assert.match(await refusal(folder, source), /rwkv_vocab_v20230424\.txt: is not the published file; copy it again/);
  }));

test("a model with another vocabulary needs a matching vocabulary file", () =>
  inTemporaryFolder(async (folder) => {
    const vocabulary = path.join(folder, "own.txt");
    writeFileSync(vocabulary, ownVocabulary.join("\n"));
    const source = written(folder, smallOver(258));
    assert.match(
      await refusal(folder, source),
      /has a vocabulary of 258 tokens, which is not a published one; give its vocabulary/,
    );
    assert.match(
      await refusal(folder, source, { vocabulary }),
      /own\.txt:258: id 258 is not below the model's vocabulary size of 258/,
    );
    const absent = path.join(folder, "absent.txt");
    assert.match(await refusal(folder, source, { vocabulary: absent }), /absent\.txt: no such file/);
    writeFileSync(vocabulary, ownVocabulary.slice(0, 60).join("\n"));
    assert.match(await refusal(folder, source, { vocabulary }), /own\.txt: has no entry for the byte/);
    const pile = written(folder, smallOver(50_277));
    assert.match(await refusal(folder, pile), /needs the tokenizer of Pile models, 20B_tokenizer\.json/);
    const beside = path.join(folder, "20B_tokenizer.json");
    writeFileSync(beside, JSON.stringify(smallTokenizerJson()));
    assert.match(await refusal(folder, pile), /20B_tokenizer\.json: is not the published file; copy it again/);
  }));

const twentyB = sharedPlace("fixtures/tokenizer-20b/20B_tokenizer.json");
test("a Pile model uses the tokenizer in its folder", { skip: twentyB.skip }, () =>
  inTemporaryFolder(async (folder) => {
    copyFileSync(twentyB.path, path.join(folder, "20B_tokenizer.json"));
    for (const size of [50_277, 50_304]) {
      const made = path.join(folder, `made${size}`);
      await importInto(folder, written(folder, smallOver(size)), { folder: made });
      assert.equal(await sha256Of(path.join(made, "tokenizer.json")), await sha256Of(twentyB.path));
      const { json } = findModel(made) as ModelFiles & { readonly kind: "folder" };
      assert.deepEqual(json.tokenizer, { kind: "bpe", file: "tokenizer.json" });
      assert.equal(json.document.endOfDocument, 0);
    }
  }),
);

const world = sharedPlace("fixtures/tokenizer-world/rwkv_vocab_v20230424.txt");
test("a World model uses the vocabulary in its folder, with either line ending", { skip: world.skip }, () =>
  inTemporaryFolder(async (folder) => {
    const source = written(folder, smallOver(65_536));
    const text = readFileSync(world.path, "latin1");
    const published = await sha256Of(world.path);
    for (const [name, lines] of Object.entries({ lf: text, crlf: text.replaceAll("\n", "\r\n") })) {
      writeFileSync(path.join(folder, "rwkv_vocab_v20230424.txt"), lines, "latin1");
      const made = path.join(folder, name);
      await importInto(folder, source, { folder: made });
      assert.equal(await sha256Of(path.join(made, "vocab.txt")), published);
    }
    const model = await loadModel(path.join(folder, "lf"), { threads: 1, weights: "fp32", engine: "onnxruntime" });
    assert.equal(model.tokenizer.vocabularySize, 65_536);
    assert.equal(model.tokenizer.sentinelBytes.size, 0);
    assert.deepEqual([...model.tokenizer.bytesOf(65_535 as TokenId)], []);
    assert.equal(model.prompt.endOfDocument, 0);
    const { header, suffix, middle, endOfMiddle } = model.prompt;
    assert.deepEqual([header, suffix, middle, endOfMiddle], Array(4).fill(undefined));
    await model.dispose();
  }),
);
