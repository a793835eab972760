import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test, { after, before } from "node:test";
import type { Locator } from "playwright-core";
import type { Catalogue } from "../../src/hub/catalogue.js";
import { FakeHub } from "../support/fakeHub.js";
import {
  catalogueOf,
  publishedFile,
  publishedGguf,
  publishedName,
  publishedRepository,
} from "../support/publishedModel.js";
import { Editor } from "./editor.js";

const answer = "Hello from a model that was downloaded.";
const gguf = publishedGguf(answer, { layers: 40 });
let hub: FakeHub;
let editor: Editor;
before(async () => {
  hub = await FakeHub.start();
  hub.add(publishedRepository, publishedFile, gguf);
  editor = await Editor.start(
    "let a = 1;\n",
    { "rwkvCode.downloadSource": hub.endpoint },
    {
      prepare: ({ extension }) => {
        const file = path.join(extension, "models/catalogue.json");
        const [published, tiny] = [readFileSync(file, "utf8"), catalogueOf(gguf)].map((text) => JSON.parse(text) as Catalogue); // prettier-ignore
        const models = [...tiny!.models, ...published!.models];
        writeFileSync(file, JSON.stringify({ ...published, models }));
      },
    },
  );
});
after(async () => {
  await editor.stop();
  await hub.stop();
});

const rows = (text: string): Locator => editor.page.locator(".quick-input-list .monaco-list-row", { hasText: text });
const button = (within: Locator, name: string): Locator => within.getByRole("button", { name, exact: true });
const input = (): Locator => editor.chat.getByRole("textbox", { name: "Message" });
const modelRow = (): Locator => rows("Tiny").first();

/** For each word, whether it is completely visible in a row, that is, not cut off at the row's right end. */
function wholeWords(row: Locator, words: readonly RegExp[]): Promise<readonly boolean[]> {
  return row.evaluate(
    (element: HTMLElement, sources) =>
      sources.map((source) => {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const found = new RegExp(source).exec(node.nodeValue ?? "");
          if (found === null) continue;
          const range = document.createRange();
          range.setStart(node, found.index);
          range.setEnd(node, found.index + found[0].length);
          const container = node.parentElement!.closest(".monaco-icon-label-container")!;
          // If the text does not fit, its end is replaced by an ellipsis.
          const ellipsis = container.scrollWidth > container.clientWidth + 1 ? 12 : 0;
          return range.getBoundingClientRect().right <= container.getBoundingClientRect().right - ellipsis;
        }
        return false;
      }),
    words.map(({ source }) => source),
  );
}

/** Whether the placeholder in the open list's input box is completely visible. */
function isPlaceholderWhole(): Promise<boolean> {
  const box = editor.page.locator(".quick-input-widget input[type=text]").first();
  return box.evaluate((input: HTMLInputElement) => {
    const context = document.createElement("canvas").getContext("2d")!;
    const { font, paddingLeft, paddingRight } = getComputedStyle(input);
    context.font = font;
    const room = input.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    return input.placeholder !== "" && context.measureText(input.placeholder).width <= room;
  });
}

/** The texts in the open list that end in an ellipsis because they are too wide. */
function cutTexts(): Promise<readonly string[]> {
  return editor.page.locator(".quick-input-list .monaco-list-row").evaluateAll((all: HTMLElement[]) =>
    all
      .flatMap((row) => [row, ...row.querySelectorAll<HTMLElement>("*")])
      .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).textOverflow === "ellipsis")
      .map((one) => one.textContent),
  );
}

async function openList(): Promise<void> {
  await editor.command("RWKV Code: Get a Model…");
  await modelRow().waitFor();
}

/** Waits until the walkthrough shows the step "Get a model" as completed, or as not completed. */
async function stepIs(state: "Completed" | "Not completed"): Promise<void> {
  await editor.command("Welcome: Open Walkthrough");
  await rows("First Steps with RWKV Code").first().click();
  await editor.page.getByRole("checkbox", { name: `Get a model: ${state}` }).waitFor();
  // Closes the walkthrough. If it took the focus after a delay, it would close the Command Palette.
  await editor.page.locator(".tab", { hasText: "Welcome" }).click({ button: "middle" });
}

/** Runs a function while downloads are slow enough to look at them and to cancel them. */
async function slowly(run: () => Promise<void>): Promise<void> {
  hub.chunkDelayMs = 250;
  try {
    await run();
  } finally {
    hub.chunkDelayMs = 0;
  }
}

test("the list says what each model needs and can do, in three themes and at 200 %", async () => {
  await openList();
  const row = modelRow();
  await row.getByText(/≈\d+ tokens/).waitFor();
  const text = (await row.textContent()) ?? "";
  for (const part of [/\d MB/, /≈\d+ tokens\/s/, /chats, completes/, /\d MB RAM/, /licence: made for a test/])
    assert.match(text, part);
  await rows("From an Address or Repository…").waitFor();
  assert.equal(await rows("recommended").count(), 1);
  await editor.page.getByPlaceholder("Recommended: the largest that is fast here").waitFor();
  assert.deepEqual(await cutTexts(), []);
  await editor.page.keyboard.press("Escape");
  for (const theme of ["Dark Modern", "Light Modern", "Dark High Contrast"]) {
    await editor.theme(theme);
    await openList();
    await modelRow()
      .getByText(/≈\d+ tokens/)
      .waitFor();
    await editor.page.waitForTimeout(500); // until it has faded in
    await editor.picture(`get-model-${theme.toLowerCase().replaceAll(" ", "-")}`);
    await editor.page.keyboard.press("Escape");
  }
  await editor.theme("Dark Modern");
  await editor.page.setViewportSize({ width: 500, height: 400 }); // has the layout of a window of 1000 by 800 at 200 %
  await openList();
  // The list is scrolled to the recommended model.
  const recommended = editor.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: "recommended" });
  await recommended.waitFor();
  const parts = [/recommended · [\d.]+ [MG]B/, /[\d.]+ [MG]B RAM/, /≈[\d.]+ tokens\/s/, /Apache-2\.0/];
  assert.deepEqual(await wholeWords(recommended, parts), [true, true, true, true]);
  assert.ok(await isPlaceholderWhole());
  await editor.page.waitForTimeout(500); // until it has faded in
  await editor.picture("get-model-200-percent");
  await editor.page.keyboard.press("Escape");
  await editor.page.setViewportSize({ width: 1000, height: 800 });
  await stepIs("Not completed"); // opening the list does not complete the step
});

test("a download that is cancelled keeps its part; after a reload of the window it is offered to continue, or discarded", () =>
  slowly(async () => {
    await openList();
    await modelRow().click();
    const progress = await editor.notification(/Downloading Tiny.*\d MB · .* left/);
    await editor.picture("get-model-progress");
    await button(progress, "Cancel").click();
    await progress.waitFor({ state: "detached" });
    await editor.notificationPictures(/was stopped\. The \d+ [kM]B received so far are kept/, "get-model-stopped");
    await editor.load();
    await openList();
    await modelRow()
      .getByText(/continue: \d+% of/)
      .waitFor();
    await editor.picture("get-model-continue");
    await modelRow().hover();
    await modelRow().getByRole("button", { name: "Discard What Was Received" }).click();
    await modelRow()
      .getByText(/continue: \d+% of/)
      .waitFor({ state: "detached" });
    await editor.page.keyboard.press("Escape");
  }));

test("a login page in place of the file is reported in one sentence, and another attempt succeeds", async () => {
  hub.answers.push({ kind: "page" });
  await openList();
  await modelRow().click();
  await editor.notificationPictures(/sent a web page instead of the file.*Nothing was downloaded/, "get-model-failed");
  await editor.command("Notifications: Clear All Notifications");
});

test("from a fresh install to an answer in the chat it takes at most 6 clicks, and no file dialog", async () => {
  let clicks = 0;
  const click = async (target: Locator): Promise<void> => {
    clicks++;
    await target.click();
  };
  await click(editor.page.locator(".activitybar").getByRole("tab", { name: "RWKV Code" }));
  await click(editor.chat.getByRole("button", { name: "Get a Model…" }).first());
  await click(modelRow());
  clicks++; // the click on the bell that shows notifications
  const offer = await editor.notification(/is imported/);
  await editor.picture("get-model-use-it");
  await click(button(offer, "Use It"));
  await editor.page.waitForSelector(`.statusbar-item[aria-label*="${publishedName}"]`);
  await click(input());
  await editor.page.keyboard.type("Hello");
  await editor.page.keyboard.press("Enter");
  await editor.chat.locator(".message.assistant", { hasText: answer }).waitFor();
  await editor.picture("get-model-answer");
  assert.ok(clicks <= 6, `${clicks} clicks`);
  assert.equal(await editor.page.getByRole("dialog").count(), 0);
  await openList();
  await modelRow().getByText("in use").waitFor();
  await editor.page.keyboard.press("Escape");
  await stepIs("Completed");
});

test("nothing is cut in the lists of models to select and to manage, nor in that of confidence levels", async () => {
  for (const [command, name] of [["Select Model…", "select-model"], ["Manage Models…", "manage-models"]] as const) {
    await editor.command(`RWKV Code: ${command}`);
    await rows("embedded").waitFor();
    const text = (await rows("in use").textContent()) ?? "";
    for (const part of [/in use/, /chats, completes/, /\d+ tokens\/s/, /licence: see the source/, /\d[KMB] parameters/])
      assert.match(text, part);
    assert.deepEqual(await cutTexts(), []);
    await editor.page.waitForTimeout(500); // until it has faded in
    await editor.picture(name);
    await editor.page.keyboard.press("Escape");
  } // prettier-ignore
  await editor.page.setViewportSize({ width: 500, height: 400 }); // has the layout of a window of 1000 by 800 at 200 %
  await editor.command("RWKV Code: Select Model…");
  await rows("embedded").waitFor();
  const words = [/does not chat/, /[\d.]+ tokens\/s/, /[\d.]+ MB/, /Apache-2\.0/];
  assert.deepEqual(await wholeWords(rows("embedded"), words), [true, true, true, true]);
  await editor.page.waitForTimeout(500); // until it has faded in
  await editor.picture("select-model-200-percent");
  await editor.page.keyboard.press("Escape");
  await editor.command("RWKV Code: Select Confidence…");
  await rows("Careful").waitFor();
  assert.ok(await isPlaceholderWhole());
  assert.deepEqual(await cutTexts(), []);
  await editor.picture("select-confidence-200-percent");
  await editor.page.keyboard.press("Escape");
  await editor.page.setViewportSize({ width: 1000, height: 800 });
});

test("a model can also be given by its repository", async () => {
  hub.add("maker/other", "rwkv7-g1-other.gguf", gguf);
  hub.add("maker/other", "rwkv7-g1-larger.gguf", Buffer.concat([gguf, Buffer.alloc(32)]));
  await openList();
  await rows("From an Address or Repository…").click();
  const box = editor.page.getByPlaceholder("BlinkDL/rwkv7-g1");
  await box.fill("http://example.com/model.gguf");
  await editor.page.keyboard.press("Enter");
  await editor.page.getByText("is not encrypted: use an address that begins with https").first().waitFor();
  await editor.picture("get-model-address");
  await box.fill("maker/other");
  await editor.page.keyboard.press("Enter");
  await rows("rwkv7-g1-other.gguf").click();
  await editor.notification(/rwkv7-g1-other is imported/);
});
