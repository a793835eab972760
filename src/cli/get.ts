import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { readCatalogue, type Catalogue } from "../hub/catalogue.js";
import { receivedBytes } from "../hub/download.js";
import { DownloadError } from "../hub/downloadError.js";
import { downloadModel } from "../hub/downloadModel.js";
import { failureText, partText } from "../hub/failureText.js";
import { hubsFor, type Hub } from "../hub/hubs.js";
import { filesOf, catalogueFile as remoteFileOf, type ModelFiles } from "../hub/modelFiles.js";
import { wantedModel } from "../hub/wantedModel.js";
import { describeModel } from "../rwkv/describe.js";
import { untranslated } from "../shared/translate.js";
import { catalogueFile } from "./catalogueFile.js";
import { DownloadProgressBar } from "./downloadProgress.js";
import { importCommand } from "./import.js";
import { print } from "./output.js";
import { UsageError } from "./usageError.js";

const usage = "get NAME|URL|OWNER/REPOSITORY [--to DIR] [--source SOURCE] [--quantize none|int8|int4]";

/**
 * The command `get`: downloads a published model and imports it. Running it again continues an interrupted download.
 */
export async function get(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { to: { type: "string" }, source: { type: "string" }, quantize: { type: "string" } },
  });
  const [given] = positionals;
  if (given === undefined || positionals.length !== 1) throw new UsageError(usage);
  const catalogue = await readCatalogue(catalogueFile);
  const abort = new AbortController();
  const interrupt = (): void => {
    abort.abort(new Error("interrupted"));
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, interrupt);
  const { name, folder, source, isFilling } = await withTexts(async () => {
    const hubs = hubsFor(values.source ?? "auto", process.env["HF_ENDPOINT"]);
    const wanted = await wanting(given, catalogue, hubs, abort.signal);
    const folder = path.resolve(values.to ?? ".", wanted.name);
    if (existsSync(folder)) throw new Error(`${folder}: is there already; remove it, or give another folder with --to`);
    const source = await downloaded(wanted.files, folder, { catalogue, hubs, signal: abort.signal });
    return { ...wanted, folder, source };
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.removeListener(signal, interrupt);
  const fills = isFilling ?? (await describeModel(source, "none")).suggestedPrompt === "suffix-prefix-middle";
  const options = [
    "--out",
    folder,
    "--name",
    name,
    "--quantize",
    values.quantize ?? "int8",
    ...(fills ? ["--fim"] : []),
  ];
  await importCommand([source, ...options]);
  await rm(downloadFolder(folder), { recursive: true, force: true });
}

interface Wanted {
  readonly name: string;
  readonly files: ModelFiles;
  /** Whether the model can fill in the middle; undefined if that must be guessed from the file's name. */
  readonly isFilling: boolean | undefined;
}

async function wanting(
  given: string,
  catalogue: Catalogue,
  hubs: readonly Hub[],
  signal: AbortSignal,
): Promise<Wanted> {
  const model = catalogue.models.find(({ name }) => name === given);
  if (model !== undefined) {
    return {
      name: model.name,
      files: filesOf(model, catalogue, hubs),
      isFilling: model.prompt === "suffix-prefix-middle",
    };
  }
  const { name, choices } = await wantedModel(given, hubs, { signal });
  const [only, ...others] = choices;
  if (only === undefined || others.length > 0) {
    const paths = choices.map(({ path: one }) => `${given.replace(/\/$/, "")}/${one}`);
    throw new UsageError(`get: the repository has ${choices.length} models; give one: ${paths.join(", ")}`);
  }
  return { name: name(only), files: { weights: only.file, vocabulary: undefined }, isFilling: undefined };
}

interface Downloading {
  readonly catalogue: Catalogue;
  readonly hubs: readonly Hub[];
  readonly signal: AbortSignal;
}

function downloadFolder(folder: string): string {
  return `${folder}.download`;
}

async function downloaded(
  files: ModelFiles,
  folder: string,
  { catalogue, hubs, signal }: Downloading,
): Promise<string> {
  const bar = new DownloadProgressBar(process.stderr);
  const partFolder = downloadFolder(folder);
  print(`downloading ${files.weights.name}`);
  try {
    const onProgress = bar.show.bind(bar);
    const source = await downloadModel(files, partFolder, { signal, onProgress });
    const world = catalogue.vocabularies["world"];
    if (world !== undefined && (await describeModel(source, "none")).isVocabularyMissing) {
      await downloadModel({ weights: remoteFileOf(world, hubs), vocabulary: undefined }, partFolder, { signal });
    }
    return source;
  } catch (error) {
    if (!(error instanceof DownloadError) && !signal.aborted) throw error;
    const kept = partText(await receivedBytes(partFolder, files.weights.name), untranslated);
    const reason = error instanceof DownloadError ? failureText(error.failure, untranslated) : "interrupted.";
    const remedy = `The same command continues; to discard it, remove ${partFolder}`;
    throw new Error(`${reason} ${kept} ${remedy}`, { cause: error });
  } finally {
    bar.end();
  }
}

async function withTexts<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new Error(failureText(error.failure, untranslated), { cause: error });
  }
}
