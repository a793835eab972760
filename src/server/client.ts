import type { InitializeParams } from "vscode-languageserver";
import type { ClientOptions } from "../shared/protocol.js";
import { own } from "./messageChecks.js";
import { isObject } from "../shared/jsonObject.js";

/** A client's declarations at initialization. A declaration of the wrong type counts as absent. */
export interface Client {
  readonly options: ClientOptions;
  /** URIs of the workspace folders. */
  readonly folders: readonly string[];
  readonly canBeAskedForSettings: boolean;
  readonly canRegisterForSettings: boolean;
  readonly canShowProgress: boolean;
  readonly canWatchFiles: boolean;
  readonly knowsInlineCompletion: boolean;
  /**
   * True for a script, which waits until the model is loaded. Any document that it opens makes the server load the
   * model, even a document that gets no automatic completions.
   */
  readonly awaitsModel: boolean;
}

export function clientOf(params: InitializeParams): Client {
  const options: unknown = params.initializationOptions;
  const asksFor = (name: keyof ClientOptions): boolean => isObject(options) && own(options, name) === true;
  const isSupported = (...names: readonly string[]): boolean => {
    let value: unknown = params.capabilities;
    for (const name of names) value = isObject(value) ? own(value, name) : undefined;
    return value === true || isObject(value);
  };
  const hasNoCapability = isObject(params.capabilities) && Object.keys(params.capabilities).length === 0;
  const isScript = hasNoCapability && isObject(options) && !Object.hasOwn(options, "statusNotifications");
  return {
    options: {
      statusNotifications: asksFor("statusNotifications") || isScript,
      nothingShownNotifications: asksFor("nothingShownNotifications"),
      completionProvider: asksFor("completionProvider"),
      storagePath: textOption(options, "storagePath"),
    },
    folders: foldersOf(params),
    canBeAskedForSettings: isSupported("workspace", "configuration"),
    canRegisterForSettings: isSupported("workspace", "didChangeConfiguration", "dynamicRegistration"),
    canShowProgress: isSupported("window", "workDoneProgress"),
    canWatchFiles: isSupported("workspace", "didChangeWatchedFiles", "dynamicRegistration"),
    knowsInlineCompletion: isSupported("textDocument", "inlineCompletion"),
    awaitsModel: isScript,
  };
}

function textOption(options: unknown, name: keyof ClientOptions): string | undefined {
  const value = isObject(options) ? own(options, name) : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Older clients send `rootUri` or `rootPath` instead of `workspaceFolders`. */
function foldersOf(params: InitializeParams): readonly string[] {
  const { workspaceFolders, rootUri, rootPath }: Readonly<Record<string, unknown>> = { ...params };
  if (Array.isArray(workspaceFolders)) {
    const uris = workspaceFolders.map((folder: unknown) => (isObject(folder) ? own(folder, "uri") : undefined));
    return uris.filter((uri) => typeof uri === "string");
  }
  const root = [rootUri, rootPath].find((one) => typeof one === "string");
  return root === undefined ? [] : [root];
}
