import { rm } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import type { ImportLine } from "../shared/cliOutput.js";
import type { ChatFormat } from "../core/model.js";
import { versionName } from "../rwkv/architecture.js";
import { chatFormatFromName } from "../rwkv/import/chatFormatFromName.js";
import { promptFormFromName } from "../rwkv/import/promptFormFromName.js";
import { publishedName } from "../rwkv/import/publishedName.js";
import { importModel, type ImportedModel, type ImportOptions } from "../rwkv/import/importModel.js";
import type { Quantization } from "../rwkv/import/importedTensors.js";
import { verifyImport, type Verification } from "../rwkv/import/verifyImport.js";
import { weightsAt } from "../rwkv/weights/weightsAt.js";
import { UsageError } from "./usageError.js";
import { inertText } from "../shared/inertText.js";
import { print, printJson } from "./output.js";
import type { CancellationToken } from "../shared/cancellation.js";

const usage =
  "import SOURCE [--out DIR] [--quantize none|int8|int4] [--tokenizer FILE] [--name NAME] [--chat world|g1|none] [--fim] [--no-verify] [--json]";
const quantizations: readonly Quantization[] = ["none", "int8", "int4"];
const chats: readonly ChatFormat[] = ["none", "world", "g1"];

/** The command `import`: makes a model folder from a published weights file. */
export async function importCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: "string" },
      quantize: { type: "string" },
      tokenizer: { type: "string" },
      name: { type: "string" },
      chat: { type: "string" },
      fim: { type: "boolean" },
      "no-verify": { type: "boolean" },
      json: { type: "boolean" },
    },
  });
  const [sourcePath] = positionals;
  if (sourcePath === undefined || positionals.length !== 1) throw new UsageError(usage);
  const source = weightsAt(sourcePath);
  const name = values.name ?? publishedName(source);
  if (name === "" || (values.out === undefined && path.basename(name) !== name)) throw new UsageError(usage);
  const options: ImportOptions = {
    name,
    folder: path.resolve(values.out ?? name),
    quantization: oneOf(quantizations, values.quantize ?? "none"),
    chat: values.chat === undefined ? chatFormatFromName(source) : oneOf(chats, values.chat),
    prompt: values.fim === true ? "suffix-prefix-middle" : "prefix",
    vocabulary: values.tokenizer,
  };

  const chatNote = values.chat === undefined ? ", guessed from the file's name" : "";
  const report = values.json === true ? jsonReport(options) : textReport(source, options, chatNote);
  await runUntilInterrupted(async (cancellation) => {
    report.made(await importModel(source, options, { onProgress: report.progress, cancellation }));
    if (values["no-verify"] === true) return;
    const verification = await verifyImport(source, options.folder, cancellation);
    report.verified(verification);
    if (verification.kind !== "notFinite") return;
    await rm(options.folder, { recursive: true, force: true });
    throw new Error(`${verification.reason}; nothing was imported (use --no-verify to import it anyway)`);
  });
}

function oneOf<T extends string>(allowed: readonly T[], value: string): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new UsageError(usage);
  return found;
}

/**
 * Events that cancel an import: a signal, or the end of the connection to the process that forked this one. A second
 * signal of the same kind ends the process immediately.
 */
const interruptions = ["SIGINT", "SIGTERM", "disconnect"] as const;

async function runUntilInterrupted(run: (cancellation: CancellationToken) => Promise<void>): Promise<void> {
  const cancellation = { isCancellationRequested: false };
  const cancel = (): void => {
    cancellation.isCancellationRequested = true;
  };
  for (const name of interruptions) process.once(name, cancel);
  try {
    await run(cancellation);
  } finally {
    for (const name of interruptions) process.removeListener(name, cancel);
  }
}

/** Reports the progress and the result of an import. */
interface Report {
  readonly progress: (fraction: number) => void;
  readonly made: (imported: ImportedModel) => void;
  readonly verified: (verification: Verification) => void;
}

function textReport(source: string, options: ImportOptions, chatNote: string): Report {
  return {
    progress: showProgress,
    made: (imported) => {
      for (const line of summary(imported, options)) print(line);
      print(`chat: ${options.chat}${chatNote}`);
      if (promptFormFromName(source, imported.dimensions) === "suffix-prefix-middle" && options.prompt === "prefix") {
        print(
          "prompt: only the text above the cursor; the model's name suggests that it can fill in the middle: try --fim",
        );
      }
    },
    verified: (verification) => {
      if (verification.kind !== "notFinite") print(compared(verification)); // `notFinite` is reported as an error
    },
  };
}

/** A report as JSON lines. Progress is reported in whole percents. */
function jsonReport({ chat }: ImportOptions): Report {
  const write = (line: ImportLine): void => {
    printJson(line);
  };
  let last = -1;
  return {
    progress: (fraction) => {
      const percent = Math.floor(100 * fraction);
      if (percent === last) return;
      last = percent;
      write({ kind: "progress", fraction: percent / 100 });
    },
    made: ({ folder, dimensions: { version, layers, width }, bytes }) => {
      write({ kind: "made", folder, dimensions: { version, layers, width }, bytes, chat });
    },
    verified: (verification) => {
      // The reason may quote text from the weights file, which is not safe to display.
      const { kind } = verification;
      const shown = kind === "failed" ? { kind, reason: inertText(verification.reason) } : verification;
      write({ kind: "verified", verification: shown });
    },
  };
}

/** Shows the progress if standard error is a terminal. In a file or a pipe, progress lines would be noise. */
function showProgress(fraction: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${Math.floor(100 * fraction)} %${fraction < 1 ? "" : "\n"}`);
}

const weightsTexts: Readonly<Record<Quantization, string>> = {
  none: "as in the source",
  int8: "large matrices in 8 bits",
  int4: "large matrices in 4 bits, some in 8",
};

function summary({ folder, dimensions, bytes, vocabulary }: ImportedModel, { quantization }: ImportOptions): string[] {
  const { layers, width, vocabularySize } = dimensions;
  return [
    folder,
    `${versionName(dimensions)}, ${layers} layers, width ${width}, ${vocabularySize} tokens`,
    `weights: ${(bytes / 1e6).toFixed(1)} MB, ${weightsTexts[quantization]}`,
    `vocabulary: ${vocabulary ?? "bytes"}`,
  ];
}

function compared(verification: Exclude<Verification, { readonly kind: "notFinite" }>): string {
  if (verification.kind === "tooLarge") {
    return `not verified: the source's weights take ${(verification.neededBytes / 1e9).toFixed(1)} GB, more than is free`;
  }
  if (verification.kind === "failed") return `not verified: ${verification.reason}`;
  const { tokens, maxDifference, agreeing } = verification;
  return (
    `verified on ${tokens} tokens: the largest difference between logits is ${maxDifference.toPrecision(3)}, ` +
    `the most likely token is the same after ${agreeing} of them`
  );
}
