import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

/**
 * The environment in which the server starts faster: Node.js 22.1 and newer keep the compiled code of its bundle in a
 * folder, and check it before use (the code's hash, their own version). Older ones ignore the variable. Code of other
 * versions of the extension is deleted. Empty if the user has set the variables, or the folder cannot be used.
 * @param folder for the compiled code of all versions, and nothing else.
 */
export function compiledCodeEnvironment(
  folder: string,
  version: string,
  environment: NodeJS.ProcessEnv = process.env,
): Readonly<Record<string, string>> {
  if (environment[cache] !== undefined || environment["NODE_DISABLE_COMPILE_CACHE"] !== undefined) return {};
  const own = path.join(folder, version);
  try {
    // Node.js would create it as well, but can wait forever for one that cannot be created.
    mkdirSync(own, { recursive: true });
    for (const name of readdirSync(folder)) {
      if (name !== version) rmSync(path.join(folder, name), { recursive: true, force: true });
    }
  } catch {
    return {}; // for example a full disk
  }
  return { [cache]: own };
}

const cache = "NODE_COMPILE_CACHE";
