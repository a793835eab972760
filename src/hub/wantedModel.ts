import { DownloadError } from "./downloadError.js";
import { fileUrl, type Hub } from "./hubs.js";
import { localName, modelAddress, weightsName } from "./modelAddress.js";
import type { RemoteFile } from "./remoteFile.js";
import { repositoryFile } from "./modelFiles.js";
import { weightsOf, type ListOptions } from "./repositoryFiles.js";

/** A weights file that what a person gave may mean. */
export interface ModelChoice {
  /** Within its repository. */
  readonly path: string;
  readonly file: RemoteFile;
}

export interface WantedModel {
  /** The weights files to choose from: one if a file was given. */
  readonly choices: readonly ModelChoice[];
  /** What the model of a choice is called. */
  readonly name: (choice: ModelChoice) => string;
}

/**
 * What an address means; a repository is asked for its weights files, on the hub that answers first.
 * @throws DownloadError if it is no address, or has no weights file.
 */
export async function wantedModel(given: string, hubs: readonly Hub[], options: ListOptions): Promise<WantedModel> {
  const address = modelAddress(given, hubs);
  switch (address.kind) {
    case "file": {
      const { url, name, repository = "model" } = address;
      return { choices: [{ path: name, file: { name, urls: [url] } }], name: nameWithin(repository) };
    }
    case "repositoryFile": {
      const choice = { path: address.path, file: repositoryFile(address, hubs) };
      return { choices: [choice], name: nameWithin(address.repository) };
    }
    case "repository": {
      const { repository } = address;
      const { hub, files } = await firstListing(address.hub === undefined ? hubs : [address.hub], repository, options);
      const choices = files.map(({ path, bytes, sha256 }) => ({
        path,
        file: { name: localName(path), urls: [fileUrl(hub, repository, path)], bytes, sha256 },
      }));
      return { choices, name: nameWithin(repository) };
    }
  }
}

async function firstListing(hubs: readonly Hub[], repository: string, options: ListOptions) {
  try {
    return await Promise.any(hubs.map(async (hub) => ({ hub, files: await weightsOf(hub, repository, options) })));
  } catch (error) {
    options.signal.throwIfAborted();
    const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
    throw first instanceof DownloadError ? first : error;
  }
}

/** Files called model.safetensors say nothing: their repository does. */
function nameWithin(repository: string): WantedModel["name"] {
  return ({ path }) => {
    const name = localName(path).replace(weightsName, "");
    return /^(model|pytorch_model)$/.test(name) ? localName(repository) : name;
  };
}
