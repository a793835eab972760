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
  /** Folder of the downloads; each model has its own folder in it. */
  readonly downloads: string;
  readonly library: ModelLibrary;
  readonly commandLine: CommandLine;
}

/** The published models that are offered, and which of them are downloaded or imported. */
export class PublishedModels {
  readonly #parts: PublishedModelsParts;
  /** Expected tokens per second by model name. Cached, because a child process must measure the memory bandwidth. */
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

  /** Folder of the imported model with that name; undefined if there is none. */
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

  /** Expected speed of each model on this machine; empty if the bandwidth could not be measured. */
  expectedSpeeds(): Promise<ReadonlyMap<string, number>> {
    this.#expected ??= this.#measured().catch(() => new Map<string, number>()); // the list then shows no speeds
    return this.#expected;
  }

  /** Removes the downloaded files of a model. */
  async discard(name: string): Promise<void> {
    await rm(this.downloadFolder(name), { recursive: true, force: true });
  }

  async #measured(): Promise<ReadonlyMap<string, number>> {
    const speeds = new Map<string, number>();
    const onLine = (text: string): void => {
      const { name, expectedTokensPerSecond } = JSON.parse(text) as PublishedModelLine; // written by our own program
      speeds.set(name, expectedTokensPerSecond);
    };
    await this.#parts.commandLine.run(["models", "--json"], { onLine, onAbort: "kill" });
    return speeds;
  }
}
