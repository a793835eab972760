import { panels } from "../support/editorEvents.js";
import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { StatisticsPage } from "../../src/extension/statistics/statisticsPage.js";
import { statisticsFacts } from "../support/statisticsFacts.js";

beforeEach(() => {
  panels.length = 0;
});

const noError = (error: unknown): void => assert.fail(String(error));

test("the page runs no script, and only its two commands; each time it has another nonce", async () => {
  const page = new StatisticsPage(async () => statisticsFacts(), noError);
  const nonces = new Set<string>();
  for (let times = 0; times < 3; times++) {
    await page.show();
    nonces.add(/nonce-([0-9a-f]*)'/.exec(panels[0]!.webview.html)![1]!);
  }
  assert.deepEqual([panels.length, panels[0]!.reveals, nonces.size], [1, 2, 3]);
  assert.ok([...nonces].every((nonce) => nonce.length === 32));
  const enableCommandUris = ["rwkvCode.showStatistics", "rwkvCode.resetStatistics"];
  assert.deepEqual(panels[0]!.options, { enableScripts: false, enableCommandUris, localResourceRoots: [] });
});

test("the page is updated when it becomes visible, and only while it is open", async () => {
  let times = 0;
  const facts = async () => {
    times++;
    return statisticsFacts();
  };
  const page = new StatisticsPage(facts, noError);
  await page.update();
  assert.equal(times, 0, "it is not open");
  await page.show();
  const [panel] = panels;
  panel!.show(false);
  assert.equal(times, 1);
  panel!.show(true);
  assert.equal(times, 2);
  panel!.dispose();
  await page.update();
  assert.equal(times, 2);
  await page.show();
  assert.equal(panels.length, 2);
  page.dispose();
  assert.equal(panels[1]!.isDisposed, true);
});

test("a page that is closed while its facts are gathered is left alone; an error is reported", async () => {
  const errors: unknown[] = [];
  let ending = (): void => undefined;
  const facts = async () => {
    ending();
    return statisticsFacts();
  };
  const page = new StatisticsPage(facts, (error) => errors.push(error));
  await page.show();
  const [panel] = panels;
  panel!.webview.html = "";
  ending = () => {
    panel!.dispose();
  };
  await page.update();
  assert.equal(panel!.webview.html, "");
  ending = () => undefined;
  await page.show();
  ending = () => {
    throw new Error("no facts");
  };
  panels[1]!.show(true);
  await new Promise(setImmediate);
  assert.match(String(errors), /no facts/);
});
