// Starts VS Code's server on 127.0.0.1, and makes the URL of a workbench.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { ensureServer, serverFolder, serverNode } from "./host.mjs";

/** Settings that turn off notifications and all features that use the network. */
const settings = {
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "workbench.startupEditor": "none",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
};

/**
 * @param {{data: string, extensions: string, user?: string, env?: object}} places folders for the server's data, for
 * extensions and for the user's data; and environment variables
 */
export async function startWorkbench({ data, extensions, user = path.join(data, "user"), env = {} }) {
  ensureServer();
  writeSettings(user);
  const port = await freePort();
  const log = path.join(data, "server.log");
  const output = openSync(log, "w");
  const args = [
    ...serverArguments({ data, extensions, user }),
    ...["--host", "127.0.0.1", "--port", String(port), "--without-connection-token"],
    // VS Code loads extensions under development and their tests only if the driver is enabled.
    ...["--enable-smoke-test-driver", "--disable-workspace-trust", "--disable-telemetry", "--disable-experiments"],
  ];
  // In its own process group, so that the extension host, which the server starts, is stopped with it.
  const server = spawn(serverNode(), args, {
    env: environment(env),
    stdio: ["ignore", output, output],
    detached: true,
  });
  const exited = new Promise((resolve) => server.once("exit", resolve));
  await answering(port, exited, log);
  return {
    exited,
    url: (options) => urlOf(port, options),
    stop: () => stopGroup(server.pid, exited),
  };
}

/** Runs the server's command line, for example `--install-extension FILE`. @returns its exit status. */
export function runServerCommand({ data, extensions, user = path.join(data, "user") }, args) {
  ensureServer();
  const all = [...serverArguments({ data, extensions, user }), ...args];
  const { status, stdout, stderr } = spawnSync(serverNode(), all, { env: environment({}), encoding: "utf8" });
  process.stdout.write(stdout);
  // If the command succeeds, stderr contains only a harmless warning about a missing logger.
  if (status !== 0) process.stderr.write(stderr);
  return status ?? 1;
}

function serverArguments({ data, extensions, user }) {
  return [
    path.join(serverFolder, "out/server-main.js"),
    "--accept-server-license-terms",
    ...["--telemetry-level", "off"],
    ...["--server-data-dir", path.join(data, "server")],
    ...["--user-data-dir", user],
    ...["--extensions-dir", extensions],
  ];
}

function environment(more) {
  return { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', VSCODE_RECONNECTION_GRACE_TIME: "1000", ...more };
}

function writeSettings(user) {
  const file = path.join(user, "User/settings.json");
  mkdirSync(path.dirname(file), { recursive: true });
  const own = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  writeFileSync(file, JSON.stringify({ ...settings, ...own }, null, 2));
}

/** @param {{open?: string[], development?: string[], tests?: string}} options absolute paths of folders and files */
function urlOf(port, { open = [], development = [], tests }) {
  const uri = (place) => `vscode-remote://127.0.0.1:${port}${place}`;
  const payload = [
    ...development.map((place) => ["extensionDevelopmentPath", uri(place)]),
    ...(tests === undefined ? [] : [["extensionTestsPath", uri(tests)]]),
    ["skipWelcome", "true"],
    ["skipReleaseNotes", "true"],
  ];
  const query = new URLSearchParams();
  for (const place of open) {
    if (statSync(place).isDirectory()) query.set("folder", place);
    else payload.push(["openFile", uri(place)]);
  }
  if (!query.has("folder")) query.set("ew", "true");
  query.set("payload", JSON.stringify(payload));
  return `http://127.0.0.1:${port}/?${query}`;
}

function freePort() {
  return new Promise((resolve) => {
    const listener = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = listener.address();
      listener.close(() => resolve(port));
    });
  });
}

/** Resolves when the server responds. @throws Error if it exits first. */
async function answering(port, exited, log) {
  let hasExited = false;
  exited.then(() => (hasExited = true));
  for (;;) {
    if (hasExited) throw new Error(`VS Code's server ended at once; its log is ${log}`);
    const answer = await fetch(`http://127.0.0.1:${port}/version`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Stops the server and everything it started: first with SIGTERM, then with SIGKILL. */
async function stopGroup(pid, exited) {
  const signal = (name) => {
    try {
      process.kill(-pid, name);
    } catch {
      // no process is left
    }
  };
  signal("SIGTERM");
  await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 2000))]);
  signal("SIGKILL");
}
