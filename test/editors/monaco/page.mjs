// The page of the Monaco test: one editor, with a monaco-languageclient that uses the web socket of the page's host.
import * as monaco from "@codingame/monaco-vscode-editor-api";
import { MonacoLanguageClient } from "monaco-languageclient";
import { EditorApp } from "monaco-languageclient/editorApp";
import { MonacoVscodeApiWrapper } from "monaco-languageclient/vscodeApiWrapper";
import { ProposedFeatures } from "vscode-languageclient/browser.js";
import { toSocket, WebSocketMessageReader, WebSocketMessageWriter } from "vscode-ws-jsonrpc";

const container = document.querySelector("#container");
const settings = { "editor.inlineSuggest.enabled": true, "editor.wordBasedSuggestions": "off" };
const api = new MonacoVscodeApiWrapper({
  $type: "classic",
  viewsConfig: { $type: "EditorService", htmlContainer: container },
  userConfiguration: { json: JSON.stringify(settings) },
  monacoWorkerFactory: () => {
    window.MonacoEnvironment = {
      ...window.MonacoEnvironment,
      getWorker: () => new window.Worker("/worker.js", { type: "module" }),
    };
  },
});
await api.start();
monaco.languages.register({ id: "typescript", extensions: [".ts"] });
const app = new EditorApp({
  codeResources: { modified: { text: "", uri: "/project/a.ts", enforceLanguageId: "typescript" } },
});
await app.start(container);
const socket = new window.WebSocket(`ws://${window.location.host}/`);
await new Promise((resolve) => socket.addEventListener("open", resolve));
const messages = toSocket(socket);
const client = new MonacoLanguageClient({
  name: "RWKV Code",
  clientOptions: { documentSelector: ["typescript"] },
  messageTransports: { reader: new WebSocketMessageReader(messages), writer: new WebSocketMessageWriter(messages) },
});
// Inline completions are a proposed feature of the library. Its own `MonacoLanguageClientWithProposedFeatures` creates
// the feature but does not register it.
client.registerFeatures(ProposedFeatures.createAll(client));
await client.start();
window.editor = app.getEditor();
window.quit = () => client.dispose();
