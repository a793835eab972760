import { DownloadError } from "./downloadError.js";
import { fileUrl, type Hub } from "./hubs.js";
import { localName, modelAddress, weightsName } from "./modelAddress.js";
import type { RemoteFile } from "./remoteFile.js";
import { repositoryFile } from "./modelFiles.js";
import { weightsOf, type ListOptions } from "./repositoryFiles.js";

/** A weights file that the user can choose. */
export interface ModelChoice {
  /** Path within its repository. */
  readonly path: string;
  readonly file: RemoteFile;
}

export interface WantedModel {
  /** The weights files to choose from; only one if the input names a file. */
  readonly choices: readonly ModelChoice[];
  /** Returns the name that the model gets when it is imported. */
  readonly name: (choice: ModelChoice) => string;
}

/**
 * Finds the files that an address refers to. For a repository, these are its weights files as listed by the hub that
 * answers first.
 * @throws DownloadError if the address is invalid, the repository has no weights files, or they cannot be listed.
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

/** Names a model after its file, or after the repository if the file has a generic name such as model.safetensors. */
function nameWithin(repository: string): WantedModel["name"] {
  return ({ path }) => {
    const name = localName(path).replace(weightsName, "");
    return /^(model|pytorch_model)$/.test(name) ? localName(repository) : name;
  };
}
