// Hosts monaco-languageclient: serves its page, and forwards messages between the page's web socket and the language
// server.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import esbuild from "esbuild";
import { StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { WebSocketServer } from "ws";

const folder = path.resolve("out/editors/monaco");
const types = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf" };
const page = `<!doctype html><link rel="stylesheet" href="page.css"><body><div id="container" style="height: 90vh"></div>
<script type="module" src="page.js"></script>`;

/**
 * @param {readonly string[]} command starts the language server.
 * @param {NodeJS.ProcessEnv} env its environment.
 * @returns the URL of the page, the messages of the server, the ids of inline completion requests, the server's exit
 * code, and a function that stops everything
 */
export async function hostMonaco(command, env) {
  await buildPage();
  const messages = [];
  const asked = [];
  const { promise: exited, resolve } = withResolvers();
  const host = createServer(answer);
  new WebSocketServer({ server: host }).on("connection", (socket) => {
    const [program, ...args] = command;
    const server = spawn(program, args, { env, stdio: ["pipe", "pipe", "inherit"] });
    void once(server, "exit").then(([code]) => resolve(code));
    const writer = new StreamMessageWriter(server.stdin);
    new StreamMessageReader(server.stdout).listen((message) => {
      messages.push(message);
      socket.send(JSON.stringify(message));
    });
    socket.on("message", (data) => {
      const message = JSON.parse(data.toString());
      if (message.method === "textDocument/inlineCompletion") asked.push(message.id);
      void writer.write(message);
    });
    socket.on("close", () => server.stdin.end());
  });
  host.listen(0, "127.0.0.1");
  await once(host, "listening");
  return { url: `http://127.0.0.1:${host.address().port}/`, messages, asked, exited, close: () => host.close() };
}

async function buildPage() {
  const here = import.meta.dirname;
  const worker = "@codingame/monaco-vscode-editor-api/esm/vs/editor/editor.worker.js";
  await esbuild.build({
    entryPoints: { page: path.join(here, "page.mjs"), worker: path.join(here, "..", "node_modules", worker) },
    outdir: folder,
    bundle: true,
    format: "esm",
    loader: { ".ttf": "file", ".svg": "dataurl", ".png": "dataurl", ".wasm": "file", ".html": "file", ".mp3": "file" },
    logLevel: "error",
  });
}

function answer({ url = "/" }, response) {
  const name = path.basename(url.split("?")[0]);
  const file = path.join(folder, name);
  if (url === "/") response.setHeader("content-type", "text/html").end(page);
  else if (name === "" || !existsSync(file)) response.writeHead(404).end();
  else
    createReadStream(file).pipe(
      response.setHeader("content-type", types[path.extname(name)] ?? "application/octet-stream"),
    );
}

function withResolvers() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}
