import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { ChatBrowser, type ChatPage } from "./chatPage.js";
import { message, state } from "./states.js";

let browser: ChatBrowser;
before(async () => {
  browser = await ChatBrowser.start();
});
after(() => browser.stop());

const shown = ".message.assistant .markdown";

async function show(text: string): Promise<ChatPage> {
  const chat = await browser.open();
  await chat.postMessage({ kind: "state", state: state({ messages: [message("m1", "assistant", text)] }) });
  return chat;
}

async function hasRun({ page }: ChatPage): Promise<boolean> {
  return page.evaluate(() => "hasRun" in window);
}

for (const text of [
  `<script>window.hasRun = true</script>`,
  `Look: <img src=x onerror="window.hasRun = true"> there`,
  `<iframe srcdoc="<script>parent.hasRun = true</script>"></iframe>`,
  `<style>body { display: none }</style>`,
  `<details open ontoggle="window.hasRun = true">`,
]) {
  test(`shown as text: ${text}`, async () => {
    const chat = await show(text);
    assert.equal((await chat.page.locator(shown).innerText()).trim(), text);
    assert.equal(await chat.page.locator(`${shown} :is(script, img, iframe, style, details)`).count(), 0);
    assert.equal(await hasRun(chat), false);
    await chat.close();
  });
}

for (const url of [
  "javascript:window.hasRun=true",
  "JaVaScRiPt:window.hasRun=true",
  "data:text/html,<script>hasRun=1</script>",
  "command:workbench.action.quit",
  "vscode://x",
  "file:///etc/passwd",
  "//example.org",
]) {
  test(`not a link: ${url}`, async () => {
    const chat = await show(`[here](${url}) [and](<${url}>) ![image](${url})`);
    assert.equal(await chat.page.getByRole("link").count(), 0);
    assert.match(await chat.page.locator(shown).innerText(), /^\[here\]\(.*image$/s);
    await chat.page.locator(shown).click();
    assert.equal(await hasRun(chat), false);
    await chat.close();
  });
}

test("images show their description and nothing is fetched", async () => {
  const chat = await browser.open();
  const requests: string[] = [];
  chat.page.on("request", (request) => requests.push(request.url()));
  const text = "![a cat](https://example.org/cat.png) [x](https://example.org)";
  await chat.postMessage({ kind: "state", state: state({ messages: [message("m1", "assistant", text)] }) });
  assert.equal(await chat.page.locator(shown).innerText(), "a cat x");
  assert.deepEqual(requests, []);
  await chat.close();
});

test("only the first rows of a table of 10,000 are shown, and a button shows more", async () => {
  const chat = await show(`|a|b|\n|-|-|\n${"|1|<b>|\n".repeat(10_000)}`);
  const rows = chat.page.locator(`${shown} tbody tr`);
  assert.equal(await rows.count(), 500);
  await chat.page.getByRole("button", { name: "Show 500 more rows" }).click();
  assert.equal(await rows.count(), 1_000);
  await chat.close();
});

test("a fence without an end is code", async () => {
  const chat = await show("```html\n<script>window.hasRun = true</script>\n\n# no heading");
  const code = chat.page.locator(`${shown} pre code`);
  assert.equal(await code.textContent(), "<script>window.hasRun = true</script>\n\n# no heading");
  assert.equal(await hasRun(chat), false);
  await chat.close();
});

const hostile: Readonly<Record<string, string>> = {
  "quotes 1,000 deep": `${"> ".repeat(1_000)}end`,
  "quotes 50,000 deep": `${">".repeat(50_000)}end`,
  "lists 1,000 deep": Array.from({ length: 1_000 }, (_, depth) => `${"  ".repeat(depth)}- x`).join("\n") + "end",
  "a line of 1,000,000 characters": `${"x".repeat(1_000_000)}end`,
  "50,000 opening brackets": `${"[".repeat(50_000)}end`,
  "4,900 opening brackets": `${"[".repeat(4_900)}end`,
  "emphasis that never ends": `${"*a **b ".repeat(700)}end`,
  "marks within marks": `${"*a _b ".repeat(400)}${"c_ d* ".repeat(400)}end`,
  "backticks of every length": Array.from({ length: 90 }, (_, length) => "`".repeat(length)).join(" ") + "end",
  "a table of 2,000 columns": `${"|a".repeat(2_000)}|\n${"|-".repeat(2_000)}|\n${`${"|1".repeat(2_000)}|\n`.repeat(20)}\nend`,
  "code of 1,000,000 characters": `\`\`\`js\n${"a = '\\".repeat(160_000)}\n\`\`\`\nend`,
  "an open comment": `<!-- ${"- ".repeat(50_000)}end`,
  "lone surrogates": "\ud800 \udfff &#xd800; &#0; end",
};
for (const [name, text] of Object.entries(hostile)) {
  test(`the view keeps working with ${name}`, async () => {
    const chat = await show(text);
    assert.match((await chat.page.locator(shown).textContent()) ?? "", /end$/);
    await chat.page.getByRole("textbox", { name: "Message" }).fill("still here");
    await chat.close();
  });
}

test("a reference named like an inherited property is shown as written", async () => {
  const chat = await show("&constructor; &toString; &__proto__; &valueOf; &lt;\n\n```constructor\nx\n```");
  assert.equal(await chat.page.locator(`${shown} p`).innerText(), "&constructor; &toString; &proto; &valueOf; <");
  assert.equal(await chat.page.locator(`${shown} pre code`).textContent(), "x");
  await chat.close();
});

/** Languages and texts that, repeated, would take seconds to highlight in one piece, or overflow the stack. */
const slow = [
  ["arduino", "a\n"],
  ["c", "int "],
  ["csharp", "public "],
  ["xml", "<script>"],
  ["json", "["],
  ["ruby", "("],
  ["typescript", "_"],
] as const;
for (const [language, unit] of slow) {
  test(`ten times 20,000 characters of ${language} made of ${JSON.stringify(unit)} are shown`, async () => {
    const code = unit.repeat(Math.floor(19_990 / unit.length)).trimEnd();
    const chat = await show(`\`\`\`${language}\n${code}\n\`\`\`\n`.repeat(10));
    assert.deepEqual(await chat.page.locator(`${shown} pre code`).allTextContents(), Array(10).fill(code));
    await chat.page.getByRole("textbox", { name: "Message" }).fill("still here");
    await chat.close();
  });
}

test("the page's policy stops an injected script", async () => {
  const chat = await show("text");
  const violated = await chat.page.evaluate(async () => {
    const violation = new Promise<string>((resolve) => {
      document.addEventListener("securitypolicyviolation", (event) => {
        resolve(event.effectiveDirective);
      });
    });
    const script = document.createElement("script");
    script.textContent = "window.hasRun = true";
    document.body.append(script);
    return violation;
  });
  assert.equal(violated, "script-src-elem");
  assert.equal(await hasRun(chat), false);
  await chat.close();
});

test("texts cannot break out of their data block", async () => {
  const { chatHtml } = await import("../../src/extension/chatHtml.js");
  const { texts } = await import("./chatPage.js");
  const webview = { cspSource: "'self'", asWebviewUri: (uri: unknown) => uri as never };
  const file = { toString: () => "x" } as never;
  const page = chatHtml(webview, { script: file, style: file }, "n", { ...texts, you: "</script><script>alert(1)//" });
  assert.equal(page.match(/<script/g)?.length, 2);
});
