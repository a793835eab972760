import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test, { after, before } from "node:test";
import { fixtures } from "../support/paths.js";
import { LspServer } from "../support/lspServer.js";

/**
 * A position at which the embedded model once damaged the code. `bad` is a pattern that the document must not match
 * after the insertion (with the inserted text between ‹ and ›), or the name of another fault.
 */
interface Place {
  readonly file: string;
  readonly kind: string;
  readonly mode: "auto-balanced" | "auto-always" | "invoked" | "generate";
  readonly bad: string;
}

const folder = path.join(fixtures, "insertions");
const places = JSON.parse(readFileSync(path.join(folder, "places.json"), "utf8")) as readonly Place[];
const minOffered = 190;
/** Each position is tried in several folders, because the document's path is part of the prompt. */
const parents = ["case", "d7", "src", "lib2"];
const languages: Readonly<Record<string, string>> = {
  ts: "typescript",
  tsx: "typescriptreact",
  js: "javascript",
  py: "python",
  rs: "rust",
};

let server: LspServer;
/** How many completions were offered. A minimum is asserted, because showing nothing would pass all tests. */
let offered = 0;
before(async () => {
  server = await LspServer.start();
  await server.open("file:///w/proj/warm.ts", "x");
  await server.status("ready");
});
after(async () => {
  assert.equal(await server.stop(), 0);
  assert.ok(offered >= minOffered, `${offered} of ${places.length * parents.length} places were offered a text`);
});

/**
 * Accepts the completion that is offered at the position.
 * @returns the new document, with the inserted text between ‹ and ›, and the cursor's line; undefined if nothing is
 * offered.
 */
async function accepted({ file, mode }: Place, parent: string): Promise<{ marked: string; line: number } | undefined> {
  const document = readFileSync(path.join(folder, "places", `${file}.txt`), "utf8");
  const at = document.indexOf("¦");
  const head = document.slice(0, at).split("\n");
  const position = { line: head.length - 1, character: head.at(-1)!.length };
  const extension = path.extname(file).slice(1);
  const uri = `file:///w/proj/src/${parent}/${file}`;
  await server.configure({ confidence: mode === "auto-balanced" ? "balanced" : "always" });
  await server.open(uri, document.slice(0, at) + document.slice(at + 1), languages[extension] ?? extension);
  let text = "";
  let replaced = 0;
  if (mode === "generate") {
    await server.generate(uri, position, (piece) => {
      text += piece.text;
      replaced += piece.replaced;
    });
  } else {
    const [item] = await server.completeAt(uri, position, mode === "invoked" ? "invoked" : "automatic");
    text = (item?.insertText as string | undefined) ?? "";
    replaced = item?.range === undefined ? 0 : item.range.end.character - position.character;
  }
  await server.close(uri);
  if (text === "") return undefined;
  const marked = `${document.slice(0, at)}‹${text}›${document.slice(at + 1 + replaced)}`;
  assert.notEqual(text, document.slice(at + 1, at + 1 + replaced), "the inserted text equals the replaced text");
  return { marked, line: position.line };
}

/** True if the cursor's line equals the next line above or below that is not blank. */
function repeats({ marked, line }: { marked: string; line: number }, side: "above" | "below"): boolean {
  const lines = marked.replace(/[‹›]/g, "").split("\n");
  const others = side === "above" ? lines.slice(0, line).reverse() : lines.slice(line + 1);
  return lines[line]!.trimEnd() === others.find((one) => one.trim() !== "")?.trimEnd();
}

for (const place of places) {
  test(`${place.kind}: ${place.file}, ${place.mode}`, async () => {
    for (const parent of parents) {
      const result = await accepted(place, parent);
      if (result !== undefined) offered++;
      if (result === undefined || place.bad === "NO_OP") continue;
      if (place.bad === "REPEATS_ABOVE") assert.ok(!repeats(result, "above"), result.marked);
      else if (place.bad === "REPEATS_BELOW") assert.ok(!repeats(result, "below"), result.marked);
      else assert.doesNotMatch(result.marked, new RegExp(place.bad));
    }
  });
}
