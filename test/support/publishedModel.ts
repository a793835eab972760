import { readFileSync, rmSync, mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import { ggufFile } from "./ggufFile.js";
import { ggufModel } from "./ggufModel.js";
import { sha256 } from "./fakeHub.js";
import { writeScriptedChatModel, type ScriptedReply } from "./scriptedChatModel.js";

/** Looks like a G1 model's name, because an import infers the chat format from the name. */
export const publishedName = "rwkv7-g1-tiny";
export const publishedFile = `${publishedName}-Q8_0.gguf`;
export const publishedRepository = "maker/RWKV7-G1-Tiny-GGUF";

/** The end of a G1 prompt for a reply without thinking. The model closes the tag itself. */
const opening = "\n\nAssistant: <think>\n</think";

/** A GGUF file with 8-bit blocks and a vocabulary, of a model that replies to every message with the same words. */
export function publishedGguf(
  says: string,
  options: { readonly layers?: number; readonly isEndless?: boolean } = {},
): Buffer {
  const folder = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-published-"));
  try {
    const reply: ScriptedReply = { after: opening, says: `>\n${says}`, isEndless: options.isEndless ?? false };
    writeScriptedChatModel(folder, { name: publishedName, chat: "g1", replies: [reply], layers: options.layers ?? 2 });
    const source = openSafetensors(path.join(folder, "model.safetensors"));
    const entries = [...readFileSync(path.join(folder, "vocab.txt"), "utf8").matchAll(/b'(.*)' \d+$/gm)];
    const tokens = ["<s>", ...entries.map(([, text]) => text!)];
    const kinds = tokens.map((_, id) => (id === 0 ? 3 : 1));
    return ggufFile(ggufModel(source, { version: 7, headSize: 64, matrices: "Q8_0", tokens, kinds }).file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A catalogue that contains only this model. */
export function catalogueOf(gguf: Buffer): string {
  const weights = {
    path: publishedFile,
    bytes: gguf.length,
    sha256: sha256(gguf),
    repositories: { huggingFace: publishedRepository },
  };
  const model = {
    name: publishedName,
    title: "Tiny",
    parameters: 20_000_000,
    layers: 2,
    width: 128,
    prompt: "prefix",
    chat: "g1",
    licence: "made for a test",
    weights,
  };
  return JSON.stringify({ $schema: "", formatVersion: 1, models: [model], vocabularies: {} });
}
