import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** Which folders of src/ a folder may not import from (ARCHITECTURE.md, "Who may import whom"). */
const forbidden = {
  core: ["extension", "server", "rwkv", "cli", "cliOutput", "protocol", "chatMessages", "chatTexts"],
  rwkv: ["extension", "server", "cli", "cliOutput", "protocol", "chatMessages", "chatTexts"],
  extension: ["core", "rwkv", "server", "cli"],
  server: ["extension", "rwkv", "cli", "cliOutput", "chatMessages", "chatTexts"],
  cli: ["extension", "chatMessages", "chatTexts"],
};
const packages = {
  core: ["vscode", "vscode-*", "onnxruntime-*", "node:fs*", "node:child_process", "node:net", "node:http*"],
  rwkv: ["vscode", "vscode-*", "node:child_process", "node:net", "node:http*"],
  extension: ["onnxruntime-*", "lru-cache", "node:net", "node:http*"],
  server: ["vscode", "vscode-languageclient*", "onnxruntime-*", "node:net", "node:http*"],
  cli: ["vscode", "vscode-languageclient*", "onnxruntime-*", "node:net", "node:http*"],
};

/** What scripts use of Node, and of a page. */
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

const importsOf = (files, folders, group) => ({
  files,
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { regex: `^(\\.\\./)+(${folders.join("|")})(/|\\.js|$)`, message: "See ARCHITECTURE.md." },
          { regex: "/media/", message: "See ARCHITECTURE.md." },
          { group, message: "See ARCHITECTURE.md." },
        ],
      },
    ],
  },
});
const importDirections = [
  ...Object.keys(forbidden).map((folder) => importsOf([`src/${folder}/**/*.ts`], forbidden[folder], packages[folder])),
  // Of the server's files, the one that loads the model.
  importsOf(
    ["src/server/main.ts"],
    forbidden.server.filter((folder) => folder !== "rwkv"),
    packages.server,
  ),
];

/** The chat view runs in a page of its own: it knows the messages, the texts, and its libraries. */
const viewImports = {
  files: ["media/**/*.ts"],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { regex: "^(\\.\\./)+src/(?!(chatMessages|chatTexts)\\.js$)", message: "See ARCHITECTURE.md." },
          { regex: "^(?!\\.)(?!(marked|lowlight|hast)$)", message: "See ARCHITECTURE.md." },
        ],
      },
    ],
    "no-restricted-properties": [
      "error",
      ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({
        property,
        message: "Use textContent.",
      })),
    ],
    "no-console": "error",
  },
};

/** Text from files and models is made inert where it is shown, and only there. */
const borders = [
  {
    files: ["src/extension/**/*.ts"],
    ignores: ["src/extension/notifications.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
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
  globalIgnores(["dist/", "out/", ".vscode-test/", "media/sample.ts", "test/vscode/host/", "node_modules/"]),
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
  ...importDirections,
  // The one place of the library that starts a process: a binary is tried where it can end nothing else.
  { files: ["src/rwkv/native/soundness.ts"], rules: { "no-restricted-imports": "off" } },
  viewImports,
  ...borders,
  prettier,
);
