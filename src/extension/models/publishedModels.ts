import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { readCatalogue, type Catalogue, type CatalogueModel } from "../../hub/catalogue.js";
import { receivedBytes } from "../../hub/download.js";
import { machineMemoryBytes } from "../../hub/requirements.js";
import { localName } from "../../hub/modelAddress.js";
import type { PublishedModelLine } from "../../shared/cliOutput.js";
import type { CommandLine } from "./commandLine.js";
import type { ModelLibrary } from "./modelLibrary.js";
import type { PublishedModelFacts } from "./publishedModelText.js";

export interface PublishedModelsParts {
  /** models/catalogue.json */
  readonly catalogueFile: string;
  /** Where files are downloaded to; each model has a folder of its own there. */
  readonly downloads: string;
  readonly library: ModelLibrary;
  readonly commandLine: CommandLine;
}

/** The published models that are offered, and what of them is here. */
export class PublishedModels {
  readonly #parts: PublishedModelsParts;
  /** Tokens per second by name; measuring the memory's bandwidth takes a child process. */
  #expected: Promise<ReadonlyMap<string, number>> | undefined;

  constructor(parts: PublishedModelsParts) {
    this.#parts = parts;
  }

  catalogue(): Promise<Catalogue> {
    return readCatalogue(this.#parts.catalogueFile);
  }

  downloadFolder(name: string): string {
    return path.join(this.#parts.downloads, name);
  }

  /** The imported model of that name. */
  importedFolder({ name }: Pick<CatalogueModel, "name">): string | undefined {
    const folder = path.join(this.#parts.library.importedFolder, name);
    return existsSync(path.join(folder, "model.json")) ? folder : undefined;
  }

  async facts(model: CatalogueModel, expected: ReadonlyMap<string, number>): Promise<PublishedModelFacts> {
    const { library } = this.#parts;
    const imported = this.importedFolder(model);
    const known = imported === undefined ? undefined : (await library.all()).find(({ folder }) => folder === imported);
    const facts = known === undefined ? undefined : await library.facts(known);
    const measured = facts?.kind === "known" ? facts.tokensPerSecond : undefined;
    const estimate = expected.get(model.name);
    return {
      isImported: imported !== undefined,
      isCurrent: known?.isCurrent === true,
      receivedBytes: await receivedBytes(this.downloadFolder(model.name), localName(model.weights.path)),
      machineMemoryBytes: machineMemoryBytes(),
      speed:
        measured !== undefined
          ? { kind: "measured", tokensPerSecond: measured }
          : estimate !== undefined
            ? { kind: "expected", tokensPerSecond: estimate }
            : undefined,
    };
  }

  /** How fast each model should be on this machine; empty if that could not be measured. */
  expectedSpeeds(): Promise<ReadonlyMap<string, number>> {
    this.#expected ??= this.#measured().catch(() => new Map<string, number>()); // the list does without
    return this.#expected;
  }

  /** Removes what was downloaded of a model. */
  async discard(name: string): Promise<void> {
    await rm(this.downloadFolder(name), { recursive: true, force: true });
  }

  async #measured(): Promise<ReadonlyMap<string, number>> {
    const speeds = new Map<string, number>();
    const onLine = (text: string): void => {
      const { name, expectedTokensPerSecond } = JSON.parse(text) as PublishedModelLine; // our own program wrote it
      speeds.set(name, expectedTokensPerSecond);
    };
    await this.#parts.commandLine.run(["models", "--json"], { onLine, onAbort: "kill" });
    return speeds;
  }
}
