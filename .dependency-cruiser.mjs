// What each part of the source may import: an allow-list (ARCHITECTURE.md, "Who may import whom"). Everything else is
// an error, whatever the spelling: static, dynamic, `require`, types only, Node's modules with or without `node:`.

/**
 * @typedef {object} Allowed
 * @property {string[]} [folders] folders and files of the repository, besides its own folder.
 * @property {string[]} [packages] npm packages.
 * @property {string[]} [types] npm packages of which only types may be imported.
 * @property {string[]} [builtins] Node modules.
 */

/** Files of core that all of its folders may import. */
const coreFiles = ["calibration", "model", "platform", "statistics"].map((name) => `src/core/${name}.ts`);
const core = (...folders) => ({
  folders: ["src/shared", ...coreFiles, ...folders.map((name) => `src/core/${name}`)],
});

/** @type {Record<string, Allowed>} by folder. */
const layers = {
  "src/shared": { builtins: ["os"] },
  // The folders of core, each listed after those that it imports. All of them may import coreFiles.
  "src/core/structure": core(),
  "src/core/tokens": core("structure"),
  "src/core/states": core("tokens"),
  "src/core/filters": core("structure"),
  "src/core/decoding": core("structure", "tokens", "states", "filters"),
  "src/core/completion": core("structure", "tokens", "states", "filters", "decoding"),
  "src/core/chat": { ...core("tokens", "states", "decoding"), packages: ["lru-cache"] },
  "src/core/workspace": core("decoding"),
  "src/core/engine": core("structure", "tokens", "states", "decoding", "completion", "workspace", "chat"),
  "src/rwkv": {
    folders: ["src/core", "src/shared"],
    packages: ["pbf"],
    types: ["onnxruntime-node"],
    builtins: ["crypto", "fs", "fs/promises", "os", "path"],
  },
  "src/workspace": {
    folders: ["src/core", "src/shared"],
    builtins: ["crypto", "fs", "fs/promises", "os", "path", "timers/promises", "url"],
  },
  "src/storedStates": {
    folders: ["src/core", "src/shared"],
    builtins: ["crypto", "fs/promises", "path", "timers/promises"],
  },
  "src/server": {
    folders: ["src/core", "src/shared", "src/storedStates", "src/workspace"],
    packages: ["vscode-languageserver", "vscode-languageserver-textdocument"],
    builtins: ["os", "stream", "url"],
  },
  "src/hub": {
    folders: ["src/shared"],
    builtins: ["crypto", "fs", "fs/promises", "os", "path", "timers/promises"],
  },
  "src/cli": {
    folders: ["package.json", "src/core", "src/hub", "src/rwkv", "src/server", "src/shared"],
    packages: ["vscode-languageserver"],
    builtins: ["fs", "fs/promises", "path", "url", "util"],
  },
  "src/extension": {
    folders: ["src/hub", "src/shared"],
    packages: ["vscode", "vscode-languageclient"],
    builtins: ["child_process", "crypto", "events", "fs", "fs/promises", "os", "path", "readline"],
  },
  "media/chat": {
    folders: ["src/shared/chatMessages.ts", "src/shared/chatTexts.ts"],
    packages: ["character-entities", "lowlight", "marked"],
    types: ["hast"],
  },
};

/** @type {Record<string, Allowed>} what single files may import in addition to their folder's allowances. */
const exceptions = {
  ...Object.fromEntries(coreFiles.map((file) => [file, { folders: ["src/shared", ...coreFiles] }])),
  "src/server/powerSupply.ts": { builtins: ["fs", "path"] },
  // The only file of the server that loads a model.
  "src/server/main.ts": { folders: ["src/rwkv", "package.json"], builtins: ["path"] },
  // The only file that loads onnxruntime, because it turns off its telemetry first.
  "src/rwkv/ort/onnxruntime.ts": { packages: ["onnxruntime-node"] },
  // A native binary is tried in a process of its own, so that a crash does no other harm.
  "src/rwkv/native/addonCheck.ts": { builtins: ["child_process"] },
};

const escaped = (name) => name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const oneOf = (names) => `(${names.map(escaped).join("|")})`;

function rulesOf(from, { folders = [], packages = [], types = [], builtins = [] }) {
  // A package without code, such as `vscode`, is not resolved and keeps its name.
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
