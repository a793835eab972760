import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

/**
 * Returns environment variables that make the server start faster: Node.js 22.1 and newer then caches the bundle's
 * compiled code in a folder. Before Node.js uses the cache, it checks the hash of the code and its own version. Older
 * versions of Node.js ignore the variable. Also deletes the compiled code of other versions of the extension.
 * @param folder contains the compiled code of all versions of the extension, and nothing else.
 * @returns an empty object if the user's environment configures the cache already, or the folder cannot be used.
 */
export function compiledCodeEnvironment(
  folder: string,
  version: string,
  environment: NodeJS.ProcessEnv = process.env,
): Readonly<Record<string, string>> {
  if (environment[cache] !== undefined || environment["NODE_DISABLE_COMPILE_CACHE"] !== undefined) return {};
  const own = path.join(folder, version);
  try {
    // Node.js would create the folder itself, but may hang if it cannot.
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
