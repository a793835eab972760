import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import path from "node:path";
import type { ImportVerification, MadeModel } from "../../shared/cliOutput.js";
import { Aborted, type CommandLine } from "./commandLine.js";
import { importLine } from "./importLine.js";
import type { ImportRequest } from "./importRequest.js";
import { removeWorkingFolder, sweepWorkingFolders, workingFolder } from "./workingFolders.js";
import { errorMessage } from "../../shared/errorMessage.js";

/** The imported model, and how it compares with its source. */
export interface Imported {
  readonly made: MadeModel;
  readonly verification: ImportVerification;
}

export interface ImportWatch {
  /** Receives the fraction that has been imported; 1 when the comparison with the source begins. */
  readonly onProgress: (fraction: number) => void;
  readonly signal: AbortSignal;
  /** Removes a model that the new one replaces. */
  readonly remove: (folder: string) => Promise<void>;
}

/**
 * Makes a model's folder in a child process. The folder gets its final name when it is complete and, if possible, has
 * been compared with its source. Until then no existing model is changed. A failed or aborted import leaves no files.
 * @throws Error that names the problem; Aborted.
 */
export async function importInChild(
  commandLine: CommandLine,
  parent: string,
  { source, vocabulary, quantization, prompt, name }: ImportRequest,
  { onProgress, signal, remove }: ImportWatch,
): Promise<Imported> {
  await mkdir(parent, { recursive: true });
  const folder = path.join(parent, name);
  await sweepWorkingFolders(parent);
  const workingPath = workingFolder(parent, name);
  const args = ["import", source, "--json", "--out", workingPath, "--name", name, "--quantize", quantization];
  let made: MadeModel | undefined;
  let verification: ImportVerification | undefined;
  const onLine = (text: string): void => {
    const line = importLine(text);
    if (line?.kind === "progress") onProgress(line.fraction);
    if (line?.kind === "made") made = line;
    if (line?.kind === "verified") ({ verification } = line);
  };
  try {
    const named = vocabulary === undefined ? [] : ["--tokenizer", vocabulary];
    const filling = prompt === "suffix-prefix-middle" ? ["--fim"] : [];
    const running = commandLine.run([...args, ...named, ...filling], { onLine, signal, onAbort: "disconnect" });
    await running.catch((error: unknown) => {
      // A finished folder is kept even if comparing it failed (memory may have run out), unless its logits are not
      // finite.
      if (made === undefined || error instanceof Aborted || verification?.kind === "notFinite") throw error;
      verification = { kind: "failed", reason: errorMessage(error) };
    });
    if (made === undefined || verification === undefined) throw new Error("the import ended early");
    if (!existsSync(workingPath)) throw new Error(`${workingPath}: is gone; import the model again`);
    if (existsSync(folder)) await remove(folder);
    await rename(workingPath, folder);
    return { made: { ...made, folder }, verification };
  } catch (error) {
    await removeWorkingFolder(workingPath);
    throw error;
  }
}
