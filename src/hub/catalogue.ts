import { fieldsOf, isObject } from "../shared/jsonObject.js";
import { readFile } from "node:fs/promises";
import type { RepositoryNames } from "./hubs.js";

const promptForms = ["prefix", "suffix-prefix-middle"] as const;
const chatFormats = ["none", "world", "g1"] as const;

/** The content of models/catalogue.json, the list of models that users can download. Its schema explains each field. */
export interface Catalogue {
  readonly models: readonly CatalogueModel[];
  readonly vocabularies: Readonly<Record<string, CatalogueFile>>;
}

export interface CatalogueModel {
  /** Name of the imported model's folder, and the argument of `rwkv-code get`. */
  readonly name: string;
  /** The name that users see. */
  readonly title: string;
  readonly parameters: number;
  readonly layers: number;
  readonly width: number;
  /** The prompt form that the model was trained on for completions. */
  readonly prompt: (typeof promptForms)[number];
  readonly chat: (typeof chatFormats)[number];
  readonly licence: string;
  readonly weights: CatalogueFile & { readonly bytes: number };
  /** A key of `vocabularies`; absent if the weights file has its own. */
  readonly vocabulary?: string | undefined;
}

export interface CatalogueFile {
  /** Path of the file within each of its repositories. */
  readonly path: string;
  readonly bytes?: number | undefined;
  /**
   * Hash in hex; absent if none was published. The World vocabulary needs none, because the importer knows its hash.
   */
  readonly sha256?: string | undefined;
  readonly repositories?: RepositoryNames | undefined;
  /** Addresses of copies that are not on a hub. */
  readonly urls?: readonly string[] | undefined;
}

/** @throws Error if the file is missing or damaged. */
export async function readCatalogue(file: string): Promise<Catalogue> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch {
    throw new Error(`${file}: cannot be read as a list of models; install RWKV Code again`);
  }
  if (!isCatalogue(value)) throw new Error(`${file}: not a list of models of this version; install RWKV Code again`);
  return value;
}

function isCatalogue(value: unknown): value is Catalogue {
  const { formatVersion, models, vocabularies } = fieldsOf(value);
  return (
    formatVersion === 1 &&
    Array.isArray(models) &&
    models.every(isModel) &&
    typeof vocabularies === "object" &&
    Object.values(fieldsOf(vocabularies)).every(isFile)
  );
}

function isModel(value: unknown): value is CatalogueModel {
  const { name, title, licence, parameters, layers, width, weights, prompt, chat, vocabulary } = fieldsOf(value);
  return (
    [name, title, licence, vocabulary ?? ""].every(isString) &&
    (promptForms as readonly unknown[]).includes(prompt) &&
    (chatFormats as readonly unknown[]).includes(chat) &&
    /^[\w.-]+$/.test(String(name)) &&
    [parameters, layers, width, fieldsOf(weights)["bytes"]].every((one) => Number.isSafeInteger(one)) &&
    isFile(weights)
  );
}

function isFile(value: unknown): value is CatalogueFile {
  const { path, bytes = 0, sha256, repositories = {}, urls = [] } = fieldsOf(value);
  return (
    isString(path) &&
    Number.isSafeInteger(bytes) &&
    (sha256 === undefined || (isString(sha256) && /^[\da-f]{64}$/.test(sha256))) &&
    isObject(repositories) &&
    Object.values(repositories).every(isString) &&
    Array.isArray(urls) &&
    urls.every(isString)
  );
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}
