import assert from "node:assert/strict";
import test from "node:test";
import { parseModelJson, type ModelJson } from "../../src/rwkv/modelJson.js";

const sha256 = "0123456789abcdef".repeat(4);
const good = {
  name: "small",
  architecture: "rwkv7",
  tokenizer: { kind: "greedy-trie", file: "vocab.txt" },
  document: {},
  licence: "Apache-2.0",
  files: { "vocab.txt": { sha256 } },
};
const parse = (json: unknown): ModelJson =>
  parseModelJson("m/model.json", typeof json === "string" ? json : JSON.stringify(json));
const document = (change: object): object => ({ ...good, document: change });
const sentinels = { prefix: "✿p✿", suffix: "✿s✿", middle: "✿m✿" };
const fim = (change: object): object =>
  document({ prompt: "suffix-prefix-middle", sentinels: { ...sentinels, ...change } });
const noIds = { endOfDocument: undefined, header: undefined, suffix: undefined, middle: undefined, endOfMiddle: undefined, sentinels: undefined }; // prettier-ignore

test("only the name, the architecture, the tokenizer, the document, the license and the files are required", () => {
  assert.deepEqual(parse(good), {
    formatVersion: 1,
    name: "small",
    architecture: "rwkv7",
    tokenizer: { kind: "greedy-trie", file: "vocab.txt" },
    document: { prompt: "prefix", ...noIds },
    chat: "none",
    licence: "Apache-2.0",
    calibration: undefined,
    files: new Map([["vocab.txt", { sha256 }]]),
    weights: "auto",
    groupNormEps: undefined,
  });
});

const read: readonly (readonly [string, object, (json: ModelJson) => unknown, unknown])[] = [
  ["a tokenizer of bytes", { ...good, tokenizer: { kind: "bytes" } }, ({ tokenizer }) => tokenizer, { kind: "bytes" }],
  ["a BPE tokenizer", { ...good, tokenizer: { kind: "bpe", file: "t.json" } }, ({ tokenizer }) => tokenizer, { kind: "bpe", file: "t.json" }],
  ["token ids", document({ endOfDocument: 0, header: 1, suffix: null, endOfMiddle: 9 }), (json) => json.document, { prompt: "prefix", ...noIds, endOfDocument: 0, header: 1, endOfMiddle: 9 }],
  ["sentinels as ids", document({ prompt: "prefix-suffix-middle", suffix: 3, middle: 0 }), (json) => json.document, { prompt: "prefix-suffix-middle", ...noIds, suffix: 3, middle: 0 }],
  ["sentinels as text", fim({}), (json) => json.document, { prompt: "suffix-prefix-middle", ...noIds, sentinels: { ...sentinels, sentinelPrefix: "✿" } }],
  ["sentinels with a longer common start", fim({ prefix: "<|a", suffix: "<|b", middle: "<|" }), (json) => json.document.sentinels?.sentinelPrefix, "<|"],
  ["a sentinel of 64 characters", fim({ prefix: "✿".padEnd(64, "p") }), (json) => json.document.sentinels?.prefix.length, 64],
  ["sentinels that prefix prompts do not use", document({ sentinels: 5 }), (json) => json.document.sentinels, undefined],
  ["a chat", { ...good, chat: "world" }, ({ chat }) => chat, "world"],
  ["another chat", { ...good, chat: "g1" }, ({ chat }) => chat, "g1"],
  ["no chat", { ...good, chat: "none" }, ({ chat }) => chat, "none"],
  ["null as chat", { ...good, chat: null }, ({ chat }) => chat, "none"],
  ["a calibration", { ...good, calibration: "c.json" }, ({ calibration }) => calibration, "c.json"],
  ["a format of the weights", { ...good, weights: "int4" }, ({ weights }) => weights, "int4"],
  ["no choice of the weights", { ...good, weights: "auto" }, ({ weights }) => weights, "auto"],
  ["an epsilon", { ...good, groupNormEps: 1e-5 }, ({ groupNormEps }) => groupNormEps, 1e-5],
  ["null as epsilon", { ...good, groupNormEps: null }, ({ groupNormEps }) => groupNormEps, undefined],
  ["version 1", { ...good, formatVersion: 1 }, ({ formatVersion }) => formatVersion, 1],
  ["a newer version with an unknown chat", { ...good, formatVersion: 2, chat: "g9" }, ({ formatVersion, chat }) => [formatVersion, chat], [2, "none"]],
  ["a newer version with a known chat", { ...good, formatVersion: 2, chat: "g1" }, ({ chat }) => chat, "g1"],
  ["a newer version with unknown weights", { ...good, formatVersion: 2, weights: "int2" }, ({ weights }) => weights, "auto"],
  ["a newer version with known weights", { ...good, formatVersion: 2, weights: "int8" }, ({ weights }) => weights, "int8"],
]; // prettier-ignore

for (const [what, json, part, expected] of read) {
  test(`model.json with ${what} is read`, () => {
    assert.deepEqual(part(parse(json)), expected);
  });
}

const version = /"formatVersion" is not a positive integer/;
const chat = /"chat" must be world or g1/;
const epsilon = /"groupNormEps", the epsilon of ln_x, must be between 0 and 1/;
const refused: readonly (readonly [string, unknown, RegExp])[] = [
  ["text that is not JSON", "{", /model\.json: is not JSON$/],
  ["null", "null", /"the file" is missing or not an object/],
  ["a list", [], /"the file" is missing or not an object/],
  ["a number", 5, /"the file" is missing or not an object/],
  ["version 0", { ...good, formatVersion: 0 }, version],
  ["version 1.5", { ...good, formatVersion: 1.5 }, version],
  ["version 1 as text", { ...good, formatVersion: "1" }, version],
  ["no name", { ...good, name: undefined }, /"name" is missing or not a string$/],
  ["an empty name", { ...good, name: "" }, /"name" is missing or not a string$/],
  ["no name in a newer version", { ...good, formatVersion: 2, name: 5 }, /"name" is missing or not a string; it has format 2, newer than 1/],
  ["no tokenizer", { ...good, tokenizer: undefined }, /"tokenizer" is missing or not an object/],
  ["an unknown tokenizer", { ...good, tokenizer: { kind: "unigram" } }, /"tokenizer\.kind" is unigram/],
  ["a tokenizer without its file", { ...good, tokenizer: { kind: "bpe" } }, /"tokenizer\.file" is missing/],
  ["a tokenizer in another folder", { ...good, tokenizer: { kind: "bpe", file: "../t" } }, /"tokenizer\.file" is \.\.\/t, but only files of this folder/],
  ["the parent folder as a file", { ...good, calibration: ".." }, /"calibration" is \.\., but only files/],
  ["the folder as a file", { ...good, calibration: "." }, /"calibration" is \., but only files/],
  ["a backslash in a file's name", { ...good, calibration: "a\\b" }, /"calibration" is a\\b, but only files/],
  ["an unknown prompt", document({ prompt: "middle" }), /"document\.prompt" must be prefix, prefix-suffix-middle or/],
  ["a negative id", document({ header: -1 }), /"document\.header" is not a token id/],
  ["half an id", document({ endOfDocument: 0.5 }), /"document\.endOfDocument" is not a token id/],
  ["an id as text", document({ endOfMiddle: "5" }), /"document\.endOfMiddle" is not a token id/],
  ["no id of the suffix", document({ prompt: "prefix-suffix-middle", middle: 1 }), /are required for prefix-suffix-middle/],
  ["no id of the middle", document({ prompt: "prefix-suffix-middle", suffix: 1 }), /are required for prefix-suffix-middle/],
  ["no sentinels", document({ prompt: "suffix-prefix-middle" }), /"document\.sentinels" is missing/],
  ["a missing sentinel", fim({ middle: undefined }), /"document\.sentinels\.middle" is missing/],
  ["a sentinel of 65 characters", fim({ suffix: "✿".padEnd(65, "s") }), /"document\.sentinels\.suffix" has 65 characters/],
  ["a control character in a sentinel", fim({ prefix: "✿\u0007" }), /"document\.sentinels\.prefix" contains control/],
  ["sentinels without a common start", fim({ middle: "m" }), /"document\.sentinels" must start with a common character/],
  ["an unknown chat", { ...good, chat: "g9" }, chat],
  ["unknown weights", { ...good, weights: "int2" }, /"weights" must be fp32, int8, int4 or auto/],
  ["an epsilon of 0", { ...good, groupNormEps: 0 }, epsilon],
  ["an epsilon of 1", { ...good, groupNormEps: 1 }, epsilon],
  ["an epsilon as text", { ...good, groupNormEps: "0.5" }, epsilon],
  ["a list of files", { ...good, files: [] }, /"files" is missing or not an object/],
  ["a file without its hash", { ...good, files: { a: {} } }, /"files\.a\.sha256" is missing/],
  ["null as a file", { ...good, files: { a: null } }, /"files\.a" is missing or not an object/],
  ["a hash in capitals", { ...good, files: { a: { sha256: sha256.toUpperCase() } } }, /is not 64 lower-case hex digits/],
  ["a hash of 63 digits", { ...good, files: { a: { sha256: sha256.slice(1) } } }, /is not 64 lower-case hex digits/],
  ["a file in another folder", { ...good, files: { "b/a": { sha256 } } }, /"files" is b\/a, but only files of this folder/],
]; // prettier-ignore

for (const [what, json, message] of refused) {
  test(`model.json with ${what} is refused`, () => {
    assert.throws(() => parse(json), message);
  });
}
