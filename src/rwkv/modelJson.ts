import type { ChatFormat, TextSentinels } from "../core/model.js";
import { ModelError } from "./modelError.js";
import { isWeightFormat, type WeightFormat } from "./weights/matrices.js";

/** The format version that imports write. Raise it only if older readers would misread the file. */
export const modelJsonVersion = 1;

/** The content of model.json: mainly the properties of a model that its tensors do not show. */
export interface ModelJson {
  /** 1 if absent. If the version is newer than ours, only the known fields are read. */
  readonly formatVersion: number;
  readonly name: string;
  /** Must match the version that is detected from the tensors. */
  readonly architecture: string;
  /** "greedy-trie": a vocabulary in the World models' format; "bpe": a tokenizer.json. */
  readonly tokenizer: { readonly kind: "greedy-trie" | "bpe"; readonly file: string } | { readonly kind: "bytes" };
  readonly document: DocumentFormat;
  /** "none", the default, means that the model was not trained to chat. */
  readonly chat: ChatFormat;
  readonly licence: string;
  /** The calibration file; undefined if there is none. */
  readonly calibration: string | undefined;
  /** The model's files except model.json itself, by name, with their hashes. */
  readonly files: ReadonlyMap<string, { readonly sha256: string }>;
  /** The format of the large matrices in memory; "auto": the engine chooses it. */
  readonly weights: WeightFormat | "auto";
  /** The epsilon of ln_x; undefined for the published models' epsilon. */
  readonly groupNormEps: number | undefined;
}

/** The prompt form and the ids of the sentinels. An id is undefined if the model was trained without the sentinel. */
interface DocumentFormat {
  readonly prompt: "prefix" | "prefix-suffix-middle" | "suffix-prefix-middle";
  readonly endOfDocument: number | undefined;
  readonly header: number | undefined;
  readonly suffix: number | undefined;
  readonly middle: number | undefined;
  readonly endOfMiddle: number | undefined;
  /** The sentinels of suffix-prefix-middle prompts. */
  readonly sentinels: TextSentinels | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/** Parses and checks a model.json. @throws ModelError that names the field. */
export function parseModelJson(path: string, text: string): ModelJson {
  let newer = "";
  const makeError = (problem: string): ModelError => new ModelError(path, `${problem}${newer}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw makeError("is not JSON");
  }
  const json = object(parsed, "the file", makeError);
  const formatVersion = versionOf(json["formatVersion"] ?? 1, makeError);
  const isNewer = formatVersion > modelJsonVersion;
  if (isNewer)
    newer = `; it has format ${formatVersion}, newer than ${modelJsonVersion}, which this version reads: update RWKV Code`;
  return {
    formatVersion,
    name: string(json["name"], "name", makeError),
    architecture: string(json["architecture"], "architecture", makeError),
    tokenizer: tokenizer(object(json["tokenizer"], "tokenizer", makeError), makeError),
    document: documentFormat(object(json["document"], "document", makeError), makeError),
    chat: isNewer && !isChatFormat(json["chat"]) ? "none" : chatFormat(json["chat"] ?? "none", makeError),
    licence: string(json["licence"], "licence", makeError),
    calibration:
      json["calibration"] === undefined ? undefined : fileName(json["calibration"], "calibration", makeError),
    files: files(object(json["files"], "files", makeError), makeError),
    weights: isNewer && !isWeights(json["weights"]) ? "auto" : weightsFormat(json["weights"] ?? "auto", makeError),
    groupNormEps: epsilon(json["groupNormEps"], makeError),
  };
}

type MakeError = (problem: string) => ModelError;

function versionOf(value: unknown, makeError: MakeError): number {
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw makeError('"formatVersion" is not a positive integer');
}

function tokenizer(json: Json, makeError: MakeError): ModelJson["tokenizer"] {
  const kind = string(json["kind"], "tokenizer.kind", makeError);
  if (kind === "bytes") return { kind };
  if (kind === "greedy-trie" || kind === "bpe")
    return { kind, file: fileName(json["file"], "tokenizer.file", makeError) };
  throw makeError(`"tokenizer.kind" is ${kind}; it must be greedy-trie, bpe or bytes`);
}

function documentFormat(json: Json, makeError: MakeError): DocumentFormat {
  const prompt = json["prompt"] ?? "prefix";
  if (prompt !== "prefix" && prompt !== "prefix-suffix-middle" && prompt !== "suffix-prefix-middle") {
    throw makeError('"document.prompt" must be prefix, prefix-suffix-middle or suffix-prefix-middle');
  }
  const id = (field: string): number | undefined => {
    const value = json[field];
    if (value === undefined || value === null) return undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
    throw makeError(`"document.${field}" is not a token id`);
  };
  const format = {
    prompt,
    endOfDocument: id("endOfDocument"),
    header: id("header"),
    suffix: id("suffix"),
    middle: id("middle"),
    endOfMiddle: id("endOfMiddle"),
    sentinels: prompt === "suffix-prefix-middle" ? textSentinels(json["sentinels"], makeError) : undefined,
  } as const;
  if (prompt === "prefix-suffix-middle" && (format.suffix === undefined || format.middle === undefined)) {
    throw makeError('"document.suffix" and "document.middle" are required for prefix-suffix-middle prompts');
  }
  return format;
}

/** Published sentinels have 8 characters. The limit bounds the cost of searching every text for them. */
const maxSentinelLength = 64;

function textSentinels(value: unknown, makeError: MakeError): TextSentinels {
  const json = object(value, "document.sentinels", makeError);
  const text = (name: string): string => {
    const sentinel = string(json[name], `document.sentinels.${name}`, makeError);
    if (sentinel.length > maxSentinelLength) {
      throw makeError(
        `"document.sentinels.${name}" has ${sentinel.length} characters; at most ${maxSentinelLength} are allowed`,
      );
    }
    // A vocabulary may lack entries for control characters.
    if (/\p{Cc}/u.test(sentinel)) throw makeError(`"document.sentinels.${name}" contains control characters`);
    return sentinel;
  };
  const sentinels = { prefix: text("prefix"), suffix: text("suffix"), middle: text("middle") };
  const sentinelPrefix = commonStart(Object.values(sentinels));
  if (sentinelPrefix === "")
    throw makeError('"document.sentinels" must start with a common character, which distinguishes them from text');
  return { ...sentinels, sentinelPrefix };
}

function commonStart([first = "", ...others]: readonly string[]): string {
  let start = "";
  for (const character of first) {
    if (!others.every((other) => other.startsWith(start + character))) break;
    start += character;
  }
  return start;
}

function isWeights(value: unknown): value is ModelJson["weights"] {
  return value === "auto" || isWeightFormat(value);
}

function weightsFormat(value: unknown, makeError: MakeError): ModelJson["weights"] {
  if (isWeights(value)) return value;
  throw makeError('"weights" must be fp32, int8, int4 or auto');
}

function isChatFormat(value: unknown): value is ChatFormat {
  return value === "none" || value === "world" || value === "g1";
}

function chatFormat(value: unknown, makeError: MakeError): ChatFormat {
  if (isChatFormat(value)) return value;
  throw makeError('"chat" must be world or g1; leave it out for a model that was not trained to chat');
}

function epsilon(value: unknown, makeError: MakeError): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && value > 0 && value < 1) return value;
  throw makeError('"groupNormEps", the epsilon of ln_x, must be between 0 and 1; leave it out for a published model');
}

function files(json: Json, makeError: MakeError): ModelJson["files"] {
  const entries = Object.entries(json).map(([name, value]) => {
    const sha256 = string(object(value, `files.${name}`, makeError)["sha256"], `files.${name}.sha256`, makeError);
    if (!/^[\da-f]{64}$/.test(sha256)) throw makeError(`"files.${name}.sha256" is not 64 lower-case hex digits`);
    return [fileName(name, "files", makeError), { sha256 }] as const;
  });
  return new Map(entries);
}

/**
 * Checks the name of a file in the model's folder.
 * @throws ModelError for a path, which could lead to other folders.
 */
function fileName(value: unknown, field: string, makeError: MakeError): string {
  const name = string(value, field, makeError);
  if (/[/\\]|^\.\.?$/.test(name)) throw makeError(`"${field}" is ${name}, but only files of this folder are allowed`);
  return name;
}

function string(value: unknown, field: string, makeError: MakeError): string {
  if (typeof value !== "string" || value === "") throw makeError(`"${field}" is missing or not a string`);
  return value;
}

function object(value: unknown, field: string, makeError: MakeError): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw makeError(`"${field}" is missing or not an object`);
  return value as Json; // a JSON object has string keys
}
