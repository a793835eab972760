import "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import test, { after, before } from "node:test";
import { statisticsHtml } from "../../src/extension/statistics/statisticsHtml.js";
import { statisticsFacts } from "../support/statisticsFacts.js";
import { violations } from "./axe.js";
import { ChatBrowser } from "./chatPage.js";
import { themes } from "./themes.js";

const pictures = "out/screenshots";
const html = statisticsHtml(statisticsFacts(), "n0nce");

let browser: ChatBrowser;
before(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await ChatBrowser.start();
});
after(() => browser.stop());

for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
  test(`axe finds nothing in the statistics, ${theme}`, async () => {
    const page = await browser.openHtml(html, theme);
    await page.screenshot({ path: path.join(pictures, `statistics-${theme}.png`) });
    assert.deepEqual(await violations(page), []);
    await page.close();
  });
}

test("the statistics fit into a narrow page at 200 %", async () => {
  const page = await browser.openHtml(html, "light", { width: 300, height: 900 });
  await page.screenshot({ path: path.join(pictures, "statistics-narrow.png") });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.close();
});
