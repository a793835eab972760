import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import os from "node:os";
import test from "node:test";
import { defaultSettings } from "../../src/shared/protocol.js";
import { settingSchemas } from "../support/manifest.js";
import { asConfiguration, parseConfiguration, serverSettingNames } from "../../src/shared/configuration.js";

test("sent settings are read unchanged", () => {
  assert.deepEqual(parseConfiguration(asConfiguration(defaultSettings)), { settings: defaultSettings, problems: [] });
  assert.deepEqual(
    Object.keys(asConfiguration(defaultSettings)).toSorted(),
    [...serverSettingNames, "workspaceExclude"].toSorted(),
  );
});

test("each server setting is in the README, and in the manifest with the same default", () => {
  const readme = readFileSync("README.md", "utf8");
  const defaults = asConfiguration(defaultSettings);
  for (const name of serverSettingNames) {
    assert.ok(readme.includes(`| \`rwkvCode.${name}\` |`), name);
    assert.deepEqual(settingSchemas[`rwkvCode.${name}`]?.default, defaults[name], name);
  }
});

test("no setting of the manifest is reported as unknown", () => {
  for (const [name, schema] of Object.entries(settingSchemas)) {
    assert.deepEqual(parseConfiguration({ [name]: schema.default }).problems, [], name);
  }
});

test("an empty configuration changes no setting, and neither does a value of another kind", () => {
  for (const value of [undefined, null, {}, [], 5, "text", { rwkvCode: 5 }, { other: 1 }, { confidence: null }]) {
    assert.deepEqual(parseConfiguration(value), { settings: {}, problems: [] });
  }
});

test("an unknown name is reported with the closest setting", () => {
  const said = (value: unknown, isSection = false): readonly string[] => parseConfiguration(value, isSection).problems;
  const excludes = "There is no setting rwkvCode.excludes; did you mean rwkvCode.exclude?";
  for (const value of [{ rwkvCode: { excludes: [] } }, { "rwkvCode.excludes": [] }, { excludes: [] }]) {
    assert.deepEqual(said(value), [excludes]);
  }
  assert.match(said({ confidance: "eager" })[0] ?? "", /rwkvCode\.confidance; did you mean rwkvCode\.confidence\?$/);
  assert.match(said({ rwkvCode: { TimeBudgetMS: 5 } })[0] ?? "", /did you mean rwkvCode\.timeBudgetMs\?$/);
  // Outside the section rwkvCode, a name that is not close to one of ours may belong to another program.
  const foreign = { provideFormatter: true, editorInfo: { name: "x" }, ["x".repeat(100_000)]: 1 };
  assert.deepEqual(said(foreign), []);
  assert.equal(said({ rwkvCode: foreign }).length, 3);
  assert.match(
    said({ temperature: 1 }, true)[0] ?? "",
    /rwkvCode\.temperature. The closest setting is rwkvCode\.\w+\.$/,
  );
  assert.deepEqual(
    said({ rwkvCode: { maxLines: 5, delayMs: 9, generateMaxLines: 4, modelPath: "", trace: { server: "off" } } }),
    [],
  );
  assert.deepEqual(said({ completionProvider: true, statusNotifications: true, "rwkvCode.trace.server": "off" }), []);
});

test("inherited property names are neither settings nor languages", () => {
  const hostile = JSON.parse(
    '{"__proto__": {"confidence": "always"}, "enable": {"__proto__": true, "constructor": false}}',
  ) as unknown;
  const { settings } = parseConfiguration(hostile);
  assert.equal(settings.confidence, undefined);
  assert.equal(Object.getPrototypeOf(settings.enable), Object.prototype);
});

test("languages are merged with the default, globs replace it", () => {
  const { settings } = parseConfiguration({ enable: { markdown: true }, exclude: [] });
  assert.deepEqual(settings.enable, { ...defaultSettings.enable, markdown: true });
  assert.deepEqual(settings.exclude, []);
});

test("the model's folder may begin with ~", () => {
  assert.equal(parseConfiguration({ model: "~/models/a" }).settings.modelPath, `${os.homedir()}/models/a`);
});

test("in a list or an object with wrong entries, the valid ones apply", () => {
  const { settings, problems } = parseConfiguration({ exclude: ["a", 5], enable: { go: false, rust: "no" } });
  assert.deepEqual(settings.exclude, ["a"]);
  assert.deepEqual(settings.enable, { ...defaultSettings.enable, go: false });
  assert.equal(problems.length, 2);
});
