import { version } from "../../package.json";
import { complete } from "./complete.js";
import { get } from "./get.js";
import { importCommand } from "./import.js";
import { inspect } from "./inspect.js";
import { logits } from "./logits.js";
import { modelsCommand } from "./models.js";
import { serve } from "./serve.js";
import { UsageError } from "./usageError.js";
import { errorMessage } from "../shared/errorMessage.js";
import { print, printCode, printError } from "./output.js";

/** Runs a command of `rwkv-code` with its arguments. @returns the exit code. */
export async function runCommand([name = "", ...args]: readonly string[]): Promise<number> {
  if (isHelp(name) || name === "help" || (Object.hasOwn(commands, name) && args.some(isHelp))) {
    printCode(usage);
    return 0;
  }
  if (name === "--version" || name === "version") {
    print(version);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    if (name === "") console.error(usage);
    else printError(`rwkv-code: there is no command ${name}; rwkv-code --help lists the commands`);
    return 2;
  }
  try {
    await command(args);
    return 0;
  } catch (error) {
    return reportError(error);
  }
}

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<void> | void>> = {
  complete,
  get,
  import: importCommand,
  inspect,
  logits,
  models: modelsCommand,
  serve,
};

const usage = `rwkv-code: code completion with an RWKV model, entirely on this machine

  rwkv-code complete FILE:LINE:COL [--model DIR] [--weights fp32|int8|int4] [--engine NAME] [--threads N] [--json]
  rwkv-code models [--to DIR] [--json]
  rwkv-code get NAME|URL|OWNER/REPOSITORY [--to DIR] [--source SOURCE] [--quantize none|int8|int4]
  rwkv-code import SOURCE [--out DIR] [--quantize none|int8|int4] [--tokenizer FILE] [--name NAME] [--chat world|g1|none]
                   [--fim] [--no-verify] [--json]
  rwkv-code inspect MODEL [--quick] [--json]
  rwkv-code logits MODEL --tokens 1,2,3 [--chunk N] [--greedy N] [--weights fp32|int8|int4] [--engine NAME] --json
  rwkv-code serve --stdio [--clientProcessId=PID]
  rwkv-code --version

NAME is auto, native or onnxruntime. LINE and COL count from 1. MODEL is a model's folder or a bare weights file.
With --quick the files' hashes are not checked.
get downloads a published model (models lists some) and imports it. It is the one command that opens a connection. Its SOURCE is
huggingface, modelscope, or the address of a mirror.
import makes a model folder of its SOURCE: a published .pth, .safetensors or .gguf file, or a folder that contains one.
With --fim the model also gets the text below the cursor; G1c and newer were trained for this.`;

function isHelp(argument: string): boolean {
  return argument === "--help" || argument === "-h";
}

/** Prints the error on one line of stderr and returns the exit code. */
function reportError(error: unknown): number {
  const message = errorMessage(error);
  if (isBadOption(error)) {
    // Node's message names the option in its first sentence; the other sentences explain positional arguments.
    printError(`rwkv-code: ${message.split(". ")[0]}; rwkv-code --help lists the options`);
    return 2;
  }
  if (error instanceof UsageError) {
    printError(`usage: rwkv-code ${message}`);
    return 2;
  }
  printError(`rwkv-code: ${message}`);
  return 1;
}

/** True for errors thrown by parseArgs of node:util. */
function isBadOption(error: unknown): boolean {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
