// What each part of the source may import: an allow-list (ARCHITECTURE.md, "Who may import whom"). Whatever is not named
// here is an error, in every spelling: static, dynamic, `require`, types alone, and Node's modules with or without `node:`.

/**
 * @typedef {object} Allowed
 * @property {string[]} [folders] parts of the repository besides its own: folders and files.
 * @property {string[]} [packages] of npm.
 * @property {string[]} [types] packages of npm of which types alone may be imported.
 * @property {string[]} [builtins] modules of Node.
 */

/** Files of core that each of its folders may import. */
const coreFiles = ["calibration", "model", "platform", "statistics"].map((name) => `src/core/${name}.ts`);
const core = (...folders) => ({
  folders: ["src/shared", ...coreFiles, ...folders.map((name) => `src/core/${name}`)],
});

/** @type {Record<string, Allowed>} by folder. */
const layers = {
  "src/shared": { builtins: ["os"] },
  // Core by idea, each folder above those that it imports. All may import the files that coreFiles names.
  "src/core/structure": core(),
  "src/core/tokens": core("structure"),
  "src/core/states": { ...core("tokens"), packages: ["lru-cache"] },
  "src/core/filters": core("structure"),
  "src/core/decoding": core("structure", "tokens", "states", "filters"),
  "src/core/completion": core("structure", "tokens", "states", "filters", "decoding"),
  "src/core/chat": { ...core("tokens", "states", "decoding"), packages: ["lru-cache"] },
  "src/core/engine": core("structure", "tokens", "states", "decoding", "completion", "chat"),
  "src/rwkv": {
    folders: ["src/core", "src/shared"],
    packages: ["pbf"],
    types: ["onnxruntime-node"],
    builtins: ["crypto", "fs", "fs/promises", "os", "path"],
  },
  "src/server": {
    folders: ["src/core", "src/shared"],
    packages: ["vscode-languageserver", "vscode-languageserver-textdocument"],
    builtins: ["os", "stream"],
  },
  "src/cli": {
    folders: ["package.json", "src/core", "src/rwkv", "src/server", "src/shared"],
    packages: ["vscode-languageserver"],
    builtins: ["fs", "fs/promises", "path", "url", "util"],
  },
  "src/extension": {
    folders: ["src/shared"],
    packages: ["mustache", "vscode", "vscode-languageclient"],
    builtins: ["child_process", "crypto", "events", "fs", "fs/promises", "os", "path", "readline"],
  },
  "media/chat": {
    folders: ["src/shared/chatMessages.ts", "src/shared/chatTexts.ts"],
    packages: ["character-entities", "lowlight", "marked"],
    types: ["hast"],
  },
};

/** @type {Record<string, Allowed>} what single files may import besides what their layer may. */
const exceptions = {
  ...Object.fromEntries(coreFiles.map((file) => [file, { folders: ["src/shared", ...coreFiles] }])),
  // The one file of the server that loads a model.
  "src/server/main.ts": { folders: ["src/rwkv", "package.json"], builtins: ["path"] },
  // The one file that loads onnxruntime, because its telemetry is switched off before.
  "src/rwkv/ort/onnxruntime.ts": { packages: ["onnxruntime-node"] },
  // A native binary is tried in a process of its own, where it can end nothing else.
  "src/rwkv/native/addonCheck.ts": { builtins: ["child_process"] },
};

const escaped = (name) => name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const oneOf = (names) => `(${names.map(escaped).join("|")})`;

function rulesOf(from, { folders = [], packages = [], types = [], builtins = [] }) {
  // A package that has no code of its own, such as `vscode`, is not found and keeps its name.
  const installed = (names) => `^(node_modules/|node_modules/@types/)?${oneOf(names)}(/|$)`;
  return [
    ...(folders.length === 0 ? [] : [{ path: `^${oneOf(folders)}(/|$)` }]),
    ...(packages.length === 0 ? [] : [{ path: installed(packages) }]),
    ...(types.length === 0 ? [] : [{ path: installed(types), dependencyTypes: ["type-only"] }]),
    ...(builtins.length === 0 ? [] : [{ path: `^${oneOf(builtins)}$`, dependencyTypes: ["core"] }]),
  ].map((to) => ({ from: { path: `^${escaped(from)}(/|$)` }, to }));
}

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  allowed: [
    ...Object.entries(layers).flatMap(([folder, allowed]) =>
      rulesOf(folder, { ...allowed, folders: [folder, ...(allowed.folders ?? [])] }),
    ),
    ...Object.entries(exceptions).flatMap(([file, allowed]) => rulesOf(file, allowed)),
  ],
  allowedSeverity: "error",
  forbidden: [{ name: "no-cycle", severity: "error", from: {}, to: { circular: true } }],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
  },
};
