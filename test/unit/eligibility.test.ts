import assert from "node:assert/strict";
import test from "node:test";
import { blockerFor, isEditable } from "../../src/extension/eligibility.js";
import { RestartLimiter } from "../../src/extension/restartLimiter.js";
import { defaultSettings } from "../../src/shared/protocol.js";
import {
  blockerOf,
  ineligibilityOf,
  isLanguageEnabled,
  maxLength,
  type DocumentFacts,
} from "../../src/shared/eligibility.js";
import { settingSchemas } from "../support/manifest.js";
import { exclusionOf, fullPathOf } from "../../src/shared/exclusion.js";

const settings = {
  enable: settingSchemas["rwkvCode.enable"]!.default as Record<string, boolean>,
  isExcluded: exclusionOf(settingSchemas["rwkvCode.exclude"]!.default as string[]).isExcluded,
  server: defaultSettings,
};
const facts = (path: string, more: Partial<DocumentFacts> = {}): DocumentFacts => ({
  languageId: "typescript",
  isEditable: true,
  path: `/home/me/project/${path}`,
  relativePath: path,
  lines: 10,
  length: () => 100,
  ...more,
});

test("the manifest's defaults are the protocol's", () => {
  const own = { ...defaultSettings, model: defaultSettings.modelPath };
  for (const name of [
    "automatic",
    "timeBudgetMs",
    "maxLines",
    "checkpointMemoryMB",
    "checkpointDiskMB",
    "backgroundReading",
    "threads",
    "model",
    "idleUnloadMinutes",
  ] as const) {
    assert.equal(settingSchemas[`rwkvCode.${name}`]!.default, own[name]);
  }
});

test("source files are completed, and secrets never leave the editor", () => {
  assert.equal(ineligibilityOf(facts("src/a.ts"), settings), undefined);
  for (const secret of [
    ".env",
    "deep/.env.local",
    "server.pem",
    "k/tls.key",
    ".ssh/config",
    "id_rsa",
    "id_ed25519.pub",
    ".npmrc",
  ]) {
    assert.equal(ineligibilityOf(facts(secret), settings), "excluded", secret);
  }
});

test("globs are relative to the workspace folder or to the root", () => {
  const only = (exclude: string[]) => ({ ...settings, isExcluded: exclusionOf(exclude).isExcluded });
  assert.equal(ineligibilityOf(facts("vendor/x.ts"), only(["vendor/**"])), "excluded");
  assert.equal(ineligibilityOf(facts("src/vendor/x.ts"), only(["vendor/**"])), undefined);
  assert.equal(ineligibilityOf(facts("src/x.ts"), only(["home/me/**"])), "excluded");
});

test("globs are read as users mean them", () => {
  const matches = (glob: string, path: string, relativePath = path): boolean =>
    exclusionOf([glob]).isExcluded(path, relativePath);
  assert.equal(matches("/home/me/private/**", "/home/me/private/x.ts", "private/x.ts"), true);
  assert.equal(matches("C:\\Users\\me\\**", "/c:/Users/me/x.ts"), true);
  assert.equal(matches("secrets/", "/p/secrets/deep/x.ts", "secrets/deep/x.ts"), true);
  assert.equal(matches("secrets", "/p/secrets/x.ts", "secrets/x.ts"), true);
  assert.equal(matches("**/*.pem", "/p/SERVER.PEM", "SERVER.PEM"), true);
  assert.equal(matches("", "/p/x.ts", "x.ts"), false);
  assert.equal(matches("./src/*.ts", "/p/src/x.ts", "src/x.ts"), true);
});

test("on Windows a backslash separates names, and a share begins with its server's name", () => {
  const matches = (glob: string, path: string, platform: NodeJS.Platform, relativePath = path): boolean =>
    exclusionOf([glob], platform).isExcluded(path, relativePath);
  const share = fullPathOf({ scheme: "file", authority: "server", path: "/share/secrets/x.ts" });
  for (const glob of ["secrets\\**", ".\\secrets\\", "secrets\\x.ts", "secrets/**"]) {
    assert.equal(matches(glob, "/c:/p/secrets/x.ts", "win32", "secrets/x.ts"), true, glob);
  }
  for (const glob of [
    "\\\\server\\share\\secrets\\**",
    "//server/share/secrets",
    "\\\\SERVER\\share\\**",
    "**/secrets/**",
  ]) {
    assert.equal(matches(glob, share, "win32"), true, glob);
  }
  assert.equal(matches("\\\\other\\share\\**", share, "win32"), false);
  // Only on Windows is a backslash a separator. Elsewhere it escapes the next character.
  assert.equal(matches("\\[a\\]/x.ts", "/p/[a]/x.ts", "linux", "[a]/x.ts"), true);
  assert.equal(matches("secrets\\**", "/p/secrets/x.ts", "linux", "secrets/x.ts"), false);
});

test("a language's own entry takes precedence over the one for all", () => {
  assert.equal(isLanguageEnabled({ "*": false, python: true }, "python"), true);
  assert.equal(isLanguageEnabled({ "*": false, python: true }, "go"), false);
  assert.equal(isLanguageEnabled({}, "go"), true);
  assert.equal(ineligibilityOf(facts("a.md", { languageId: "markdown" }), settings), "languageOff");
});

test("large documents and documents that cannot be edited are not completed", () => {
  assert.equal(ineligibilityOf(facts("a.ts", { length: () => maxLength + 1 }), settings), "tooLarge");
  assert.equal(ineligibilityOf(facts("a.ts", { lines: defaultSettings.maxLines + 1 }), settings), "tooLarge");
  assert.equal(ineligibilityOf(facts("a.ts", { isEditable: false }), settings), "notEditable");
});

test("a commit message is completed if its language is enabled", () => {
  for (const scheme of ["untitled", "vscode-notebook-cell", "vscode-scm", "vscode-interactive-input"]) {
    assert.equal(isEditable(scheme, undefined), true, scheme);
  }
  assert.deepEqual(
    [isEditable("file", true), isEditable("git", false), isEditable("output", undefined)],
    [true, false, false],
  );
  const message = facts("input", { languageId: "scminput", isEditable: isEditable("vscode-scm", undefined) });
  assert.equal(ineligibilityOf(message, settings), "languageOff");
  assert.equal(ineligibilityOf(message, { ...settings, enable: { ...settings.enable, scminput: true } }), undefined);
});

test("the length of a document that is blocked for another reason is not counted", () => {
  const counted = facts("a.ts", { lines: defaultSettings.maxLines + 1, length: () => assert.fail("it was counted") });
  assert.equal(ineligibilityOf(counted, settings), "tooLarge");
  assert.equal(ineligibilityOf({ ...counted, languageId: "markdown" }, settings), "languageOff");
});

test("a selection can be read unless excluded, a file unless it is too large; writing needs more", () => {
  const all = ["excluded", "notEditable", "tooLarge"] as const;
  const kept = (use: Parameters<typeof blockerFor>[0]) => all.filter((one) => blockerFor(use, one) === one);
  assert.deepEqual(kept("readSelection"), ["excluded"]);
  assert.deepEqual(kept("readFile"), ["excluded", "tooLarge"]);
  assert.deepEqual(kept("writeInto"), ["excluded", "notEditable", "tooLarge"]);
  assert.equal(blockerFor("writeInto", undefined), undefined);
});

test("a disabled language blocks no command, and hides no blocker", () => {
  const markdown = { languageId: "markdown" };
  assert.equal(blockerOf(facts("a.md", markdown), settings), undefined);
  for (const [path, more, reason] of [
    [".env", {}, "excluded"],
    ["a.md", { isEditable: false }, "notEditable"],
    ["a.md", { lines: 1e9 }, "tooLarge"],
    ["a.md", { length: () => maxLength + 1 }, "tooLarge"],
  ] as const) {
    assert.equal(blockerOf(facts(path, { ...markdown, ...more }), settings), reason);
  }
});

test("completions that are off for all languages are told from those that are off for one", () => {
  const reason = (enable: Record<string, boolean>, languageId: string) =>
    ineligibilityOf(facts("a", { languageId }), { ...settings, enable });
  assert.equal(reason({ "*": false }, "typescript"), "allOff");
  assert.equal(reason({ "*": false, markdown: false }, "markdown"), "allOff");
  assert.equal(reason({ "*": false, python: true }, "typescript"), "languageOff");
  assert.equal(reason({ "*": true, markdown: false }, "markdown"), "languageOff");
  assert.equal(reason({ markdown: false }, "markdown"), "languageOff");
});

test("a server is restarted four times in three minutes, not five", () => {
  let now = 0;
  const restarts = new RestartLimiter(() => now);
  for (let death = 0; death < 4; death++) assert.equal(restarts.allowed(), true);
  assert.equal(restarts.allowed(), false);
  now += RestartLimiter.withinMs;
  assert.equal(restarts.allowed(), true);
});
