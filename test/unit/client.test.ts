import assert from "node:assert/strict";
import test from "node:test";
import type { InitializeParams } from "vscode-languageserver";
import { clientOf, type Client } from "../../src/server/client.js";

const of = (params: object): Client => clientOf(params as InitializeParams);
const dynamic = { dynamicRegistration: true };
type Case = readonly [string, object, (client: Client) => unknown, unknown];

const cases: readonly Case[] = [
  ["no folders", {}, ({ folders }) => folders, []],
  ["folders", { workspaceFolders: [{ uri: "file:///a" }, { uri: "file:///b" }], rootUri: "file:///c" }, ({ folders }) => folders, ["file:///a", "file:///b"]],
  ["folders of wrong types", { workspaceFolders: [null, {}, { uri: 5 }, "file:///a"] }, ({ folders }) => folders, []],
  ["a root URI, as older clients send it", { workspaceFolders: null, rootUri: "file:///c", rootPath: "/d" }, ({ folders }) => folders, ["file:///c"]],
  ["a root path, as the oldest clients send it", { rootUri: null, rootPath: "/d" }, ({ folders }) => folders, ["/d"]],
  ["options of the right types", { capabilities: { a: 1 }, initializationOptions: { statusNotifications: true, nothingShownNotifications: true, completionProvider: true, storagePath: "/s" } }, ({ options }) => options, { statusNotifications: true, nothingShownNotifications: true, completionProvider: true, storagePath: "/s" }],
  ["options of wrong types", { capabilities: { a: 1 }, initializationOptions: { statusNotifications: 1, nothingShownNotifications: "true", completionProvider: null, storagePath: 7 } }, ({ options }) => options, { statusNotifications: false, nothingShownNotifications: false, completionProvider: false, storagePath: undefined }],
  ["an empty storage path", { initializationOptions: { storagePath: "" } }, ({ options }) => options.storagePath, undefined],
  ["no capability, but options: a script, which waits for the model", { capabilities: {}, initializationOptions: {} }, ({ options, awaitsModel }) => [options.statusNotifications, awaitsModel], [true, true]],
  ["no capability, and its own wish for the status", { capabilities: {}, initializationOptions: { statusNotifications: false } }, ({ options, awaitsModel }) => [options.statusNotifications, awaitsModel], [false, false]],
  ["neither capability nor options", { capabilities: {} }, ({ options, awaitsModel }) => [options.statusNotifications, awaitsModel], [false, false]],
  ["some capability and options", { capabilities: { general: {} }, initializationOptions: {} }, ({ awaitsModel }) => awaitsModel, false],
  ["capabilities of the wrong type", { capabilities: [], initializationOptions: {} }, ({ canShowProgress }) => canShowProgress, false],
  ["the request for settings", { capabilities: { workspace: { configuration: true } } }, ({ canBeAskedForSettings, canRegisterForSettings }) => [canBeAskedForSettings, canRegisterForSettings], [true, false]],
  ["the request for settings as an object", { capabilities: { workspace: { configuration: {} } } }, ({ canBeAskedForSettings }) => canBeAskedForSettings, true],
  ["the registration for settings", { capabilities: { workspace: { didChangeConfiguration: dynamic } } }, ({ canBeAskedForSettings, canRegisterForSettings, canWatchFiles }) => [canBeAskedForSettings, canRegisterForSettings, canWatchFiles], [false, true, false]],
  ["a registration that is off", { capabilities: { workspace: { didChangeConfiguration: { dynamicRegistration: false } } } }, ({ canRegisterForSettings }) => canRegisterForSettings, false],
  ["the registration for files", { capabilities: { workspace: { didChangeWatchedFiles: dynamic } } }, ({ canWatchFiles }) => canWatchFiles, true],
  ["progress", { capabilities: { window: { workDoneProgress: true } } }, ({ canShowProgress, knowsInlineCompletion }) => [canShowProgress, knowsInlineCompletion], [true, false]],
  ["inline completion", { capabilities: { textDocument: { inlineCompletion: {} } } }, ({ knowsInlineCompletion }) => knowsInlineCompletion, true],
  ["a text instead of an object", { capabilities: { workspace: "configuration" } }, ({ canBeAskedForSettings }) => canBeAskedForSettings, false],
]; // prettier-ignore

for (const [what, params, part, expected] of cases) {
  test(`a client declares ${what}`, () => {
    assert.deepEqual(part(of(params)), expected);
  });
}
