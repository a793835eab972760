import { readFileSync } from "node:fs";
import path from "node:path";
import { readCalibration } from "../../src/rwkv/calibrationFile.js";
import { checkSentinels, findModel, tokenizerOfFile } from "../../src/rwkv/modelFolder.js";
import { smallBpeSize, smallTokenizerJson } from "../support/bpeFile.js";
import { embeddedModel } from "../support/paths.js";
import { whole, type FuzzedReader } from "./fuzzedReader.js";
import { weightsReaders } from "./weightsReaders.js";

const bytesVocabulary = Array.from({ length: 256 }, (_, byte) => {
  return `${byte + 1} b'\\x${byte.toString(16).padStart(2, "0")}' 1\n`;
}).join("");

/** All readers that are fuzzed. To add a reader, add an entry here. */
export const fuzzedReaders: Readonly<Record<string, FuzzedReader>> = {
  ...weightsReaders,
  "tokenizer.json": {
    fileName: "tokenizer.json",
    fileOf: whole,
    seeds: [Buffer.from(JSON.stringify(smallTokenizerJson()))],
    words: ["null", "[]", "{}", '"__proto__":{},', "1e999", "-1", '" "', "\\ud800", "[[[[[[[["],
    read: (file) => {
      tokenizerOfFile("bpe", file, smallBpeSize);
    },
  },
  "model.json": {
    fileName: "model.json",
    fileOf: whole,
    seeds: [readFileSync(path.join(embeddedModel, "model.json"))],
    words: [
      "null",
      "[]",
      "{}",
      "true",
      '"__proto__":{},',
      '"constructor"',
      '"hasOwnProperty":',
      '"document":{"prompt":"suffix-prefix-middle","sentinels":{"prefix":"aa","suffix":"ab","middle":"ac"}},',
      '"chat":"g1",',
      '"groupNormEps":',
      "1e999",
      "-1",
      '"../x"',
      '"bytes"',
      "\\u0000",
      "\\ud800",
      "[[[[[[[[",
    ],
    read: (file) => {
      const folder = path.dirname(file);
      const found = findModel(folder);
      if (found.kind === "folder") checkSentinels(folder, found.json, 8192);
    },
  },
  vocabulary: {
    fileName: "vocab.txt",
    fileOf: whole,
    seeds: [Buffer.from(bytesVocabulary), Buffer.from(`${bytesVocabulary}257 'let x' 5\n258 "\\u00e9'" 3\n`)],
    words: ["\\x", "\\ud800", "\\U00110000", "'", '"', "b'", "\n", "\r", " ", "99999999999999999999", "\0"],
    read: (file) => {
      tokenizerOfFile("greedy-trie", file, 300);
    },
  },
  calibration: {
    fileName: "calibration.json",
    fileOf: whole,
    seeds: [readFileSync(path.join(embeddedModel, "calibration.json"))],
    words: ["null", "[]", "{}", "true", '"__proto__":', '"constructor":', "1e999", "1e308", "-1", '"0"', "[[[[[[[["],
    read: (file) => {
      readCalibration(file);
    },
  },
};
