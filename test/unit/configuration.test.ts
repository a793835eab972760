import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import os from "node:os";
import test from "node:test";
import { defaultSettings } from "../../src/protocol.js";
import { asConfiguration, parseConfiguration, serverSettingNames } from "../../src/shared/configuration.js";

test("what is sent is read as it was", () => {
  assert.deepEqual(parseConfiguration(asConfiguration(defaultSettings)), { settings: defaultSettings, problems: [] });
  assert.deepEqual(Object.keys(asConfiguration(defaultSettings)).toSorted(), serverSettingNames.toSorted());
});

test("each setting of the server stands in the README and in the manifest, with the same default", () => {
  const readme = readFileSync("README.md", "utf8");
  const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as {
    contributes: { configuration: { properties: Record<string, { default: unknown }> } };
  };
  const defaults = asConfiguration(defaultSettings);
  for (const name of serverSettingNames) {
    assert.ok(readme.includes(`| \`rwkvCode.${name}\` |`), name);
    assert.deepEqual(contributes.configuration.properties[`rwkvCode.${name}`]?.default, defaults[name], name);
  }
});

test("nothing said is nothing changed, and what is no settings is no error", () => {
  for (const value of [undefined, null, {}, [], 5, "text", { rwkvCode: 5 }, { other: 1 }, { confidence: null }]) {
    assert.deepEqual(parseConfiguration(value), { settings: {}, problems: [] });
  }
});

test("names that all objects have are no settings and no languages", () => {
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

test("the folder of a model may begin at home", () => {
  assert.equal(parseConfiguration({ model: "~/models/a" }).settings.modelPath, `${os.homedir()}/models/a`);
});

test("of a list or an object with wrong entries the others hold", () => {
  const { settings, problems } = parseConfiguration({ exclude: ["a", 5], enable: { go: false, rust: "no" } });
  assert.deepEqual(settings.exclude, ["a"]);
  assert.deepEqual(settings.enable, { ...defaultSettings.enable, go: false });
  assert.equal(problems.length, 2);
});
