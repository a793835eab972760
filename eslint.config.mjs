import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** Globals of Node and of web pages that scripts use. */
const nodeGlobals = [
  "AbortSignal",
  "addEventListener",
  "Buffer",
  "clearInterval",
  "clearTimeout",
  "console",
  "document",
  "fetch",
  "performance",
  "process",
  "setInterval",
  "setTimeout",
  "URL",
  "URLSearchParams",
  "window",
];

/** APIs that open connections. */
const network = ["fetch", "WebSocket", "XMLHttpRequest", "EventSource", "WebTransport", "RTCPeerConnection"];
/** Files that may use `fetch`: the one that downloads the models that the user asks for. */
const mayFetch = ["src/hub/request.ts"];
/** Indirect ways to the globals above, and to modules that the import rules (.dependency-cruiser.mjs) do not see. */
const detours = ["globalThis", "global", "self", "window", "frames", "require", "module"];

/** Globals that core gets through src/core/platform.ts instead. */
const runtime = ["Buffer", "performance", "process", "setTimeout", "setInterval", "setImmediate", "clearTimeout"];

const restrictedGlobals = (names) => ["error", ...names.map((name) => ({ name, message: "See ARCHITECTURE.md." }))];
const restrictedProperties = [
  { property: "sendBeacon", message: "Nothing leaves the machine." },
  { object: "process", property: "getBuiltinModule", message: "Import the module." },
  { object: "process", property: "binding", message: "Import the module." },
  { object: "process", property: "dlopen", message: "src/rwkv/native/addon.ts loads native code." },
];
const importsByName = {
  selector: "ImportExpression:not([source.type='Literal'])",
  message: "Import a module by its name.",
};
const connections = [
  {
    files: ["src/**/*.ts", "media/**/*.ts"],
    rules: {
      "no-restricted-globals": restrictedGlobals([...network, ...detours]),
      "no-restricted-properties": ["error", ...restrictedProperties],
      "no-restricted-syntax": ["error", importsByName],
      "no-eval": "error",
    },
  },
  {
    files: ["src/core/**/*.ts"],
    ignores: ["src/core/platform.ts"],
    rules: { "no-restricted-globals": restrictedGlobals([...network, ...detours, ...runtime]) },
  },
  { files: ["src/rwkv/native/addon.ts"], rules: { "no-restricted-properties": "off" } },
  ...mayFetch.map((file) => ({
    files: [file],
    rules: { "no-restricted-globals": restrictedGlobals([...network.filter((name) => name !== "fetch"), ...detours]) },
  })),
];

/** The chat view displays text that a model wrote, so it must not parse text as HTML. */
const view = {
  files: ["media/**/*.ts"],
  rules: {
    "no-restricted-properties": [
      "error",
      ...restrictedProperties,
      ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({
        property,
        message: "Use textContent.",
      })),
    ],
    "no-console": "error",
  },
};

/** Text from files and models is made safe to display (inertText) at the point of display, and only there. */
const borders = [
  {
    files: ["src/extension/**/*.ts"],
    ignores: ["src/extension/notifications.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        importsByName,
        {
          selector: "MemberExpression[property.name=/^(show(Error|Warning|Information)Message|withProgress)$/]",
          message: "Use notifications.ts.",
        },
      ],
    },
  },
  {
    files: ["src/cli/**/*.ts"],
    ignores: ["src/cli/output.ts"],
    rules: { "no-console": ["error", { allow: ["error"] }] },
  },
];

export default defineConfig(
  globalIgnores([
    "test/fixtures/",
    "dist/",
    "npm/dist/",
    "out/",
    ".vscode-test/",
    "media/sample.ts",
    "test/vscode/host/",
    "node_modules/",
  ]),
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          "src/tsconfig.json",
          "src/extension/tsconfig.json",
          "media/tsconfig.json",
          "test/tsconfig.json",
          "test/view/tsconfig.json",
          "test/sidebar/tsconfig.json",
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "max-params": ["error", 4],
      "max-lines": ["error", { max: 300 }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["test/**/*.ts", "bench/**/*.ts"],
    rules: { "@typescript-eslint/no-floating-promises": "off", "@typescript-eslint/no-non-null-assertion": "off" },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: {
      globals: Object.fromEntries(nodeGlobals.map((name) => [name, "readonly"])),
    },
  },
  ...connections,
  view,
  ...borders,
  prettier,
);
