import assert from "node:assert/strict";
import path from "node:path";
import test, { after, before } from "node:test";
import { pathToFileURL } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { above, Project, typed, until } from "./project.js";

interface Failure {
  readonly code: number;
}
interface Host {
  readonly url: string;
  readonly messages: readonly {
    readonly id?: number;
    readonly method?: string;
    readonly error?: Failure;
    readonly params?: { readonly type?: number };
  }[];
  readonly asked: readonly number[];
  readonly exited: Promise<number | null>;
  readonly close: () => void;
}
/** Members of `window` that page.mjs adds. */
interface PageWindow {
  readonly editor?: { getValue(): string; setValue(text: string): void };
  readonly quit: () => Promise<void>;
}
const moduleOf = (name: string): Promise<unknown> => import(pathToFileURL(path.resolve(name)).href);

/** Messages that Monaco logs if it runs without its suggestion services, or cancels one of its own requests. */
const ownNoise = /AiEditTelemetryService|^Canceled$/;
const said: string[] = [];
let project: Project;
let host: Host;
let browser: BrowserContext;
let page: Page;

before(async () => {
  const { ensureInstalled } = (await moduleOf("scripts/install.mjs")) as { ensureInstalled: (folder: string) => void };
  ensureInstalled(path.resolve("test/editors"));
  const { hostMonaco } = (await moduleOf("test/editors/monaco/host.mjs")) as {
    hostMonaco: (command: readonly string[], env: NodeJS.ProcessEnv) => Promise<Host>;
  };
  const { openBrowser } = (await moduleOf("test/vscode/browser.mjs")) as {
    openBrowser: (data: string) => Promise<BrowserContext>;
  };
  project = new Project();
  host = await hostMonaco(["rwkv-code", "serve", "--stdio"], project.env);
  browser = await openBrowser(project.folder);
  page = browser.pages()[0] ?? (await browser.newPage());
  page.on("console", (message) => {
    if (["warning", "error"].includes(message.type())) said.push(message.text());
  });
  page.on("pageerror", (error) => said.push(error.message));
  await page.goto(host.url);
  await page.waitForFunction(() => (globalThis as unknown as PageWindow).editor !== undefined);
  await page.click(".view-lines");
  await page.evaluate((start) => {
    (globalThis as unknown as PageWindow).editor!.setValue(start);
  }, above);
  await page.keyboard.press("Control+End");
});

after(async () => {
  await browser.close();
  host.close();
  project.remove();
});

const text = (): Promise<string> => page.evaluate(() => (globalThis as unknown as PageWindow).editor!.getValue());

async function shown(): Promise<string | undefined> {
  const parts = await page.locator(".ghost-text-decoration").allTextContents();
  return parts.join("").replaceAll("\u00a0", " ") || undefined;
}

/**
 * True if more than `questions` requests were sent and the last one has a response, so that the ghost text is final.
 */
function isAnsweredSince(questions: number): boolean {
  const last = host.asked.at(-1);
  return host.asked.length > questions && host.messages.some(({ id, method }) => method === undefined && id === last);
}

/**
 * Types the line `typed`. Retypes its last character until ghost text is shown, because the model may still be loading.
 */
async function typeUntilShown(): Promise<string> {
  await page.keyboard.type(typed);
  return until("ghost text", async () => {
    await page.keyboard.press("Backspace");
    const before = host.asked.length;
    await page.keyboard.type(",");
    return until("ghost text", () => (isAnsweredSince(before) ? shown() : undefined), 1000).catch(() => undefined);
  });
}

async function undo(): Promise<void> {
  await until("the text as it was", async () => {
    if ((await text()) === above) return true;
    await page.keyboard.press("Control+z");
    return undefined;
  });
}

test("Monaco shows ghost text while typing, and Tab accepts all of it", async () => {
  const ghost = await typeUntilShown();
  await page.keyboard.press("Tab");
  await until("the accepted text", async () => ((await text()).includes(typed + ghost) ? true : undefined));
  await undo();
});

test("Ctrl+Right accepts a word, and the remaining text stays", async () => {
  const ghost = await typeUntilShown();
  await page.keyboard.press("Control+ArrowRight");
  const rest = await until("less ghost text", async () => {
    const now = await shown();
    return now !== undefined && now !== ghost ? now : undefined;
  });
  // Monaco may accept only a space, which it considers a word.
  const word = ghost.slice(0, -rest.length);
  assert.equal(word + rest, ghost);
  assert.ok((await text()).includes(typed + word));
  await undo();
});

test("no warning, error or message is shown, and the server exits with its client", async () => {
  await page.evaluate(() => (globalThis as unknown as PageWindow).quit());
  assert.equal(await host.exited, 0);
  assert.deepEqual(
    said.filter((one) => !ownNoise.test(one)),
    [],
  );
  const { messages } = host;
  assert.deepEqual(
    messages.filter(({ method, error }) => method === "window/showMessage" || isFailure(error)),
    [],
  );
  // The client did not ask for custom notifications, so it must not get any.
  assert.deepEqual(messages.filter(({ method }) => method?.startsWith("rwkv/")).length, 0);
});

/** True for any error except the response to a cancelled or outdated request (LSP 3.18, "Response Message"). */
function isFailure(error: Failure | undefined): boolean {
  return error !== undefined && (error.code < -32_802 || error.code > -32_800);
}
