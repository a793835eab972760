import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

/**
 * Returns environment variables with which the server starts faster: Node.js 22.1 and newer store the compiled code of
 * the bundle in a folder. Before they use it, they check the code's hash and their own version. Older versions ignore
 * the variable. Compiled code of other versions of the extension is deleted.
 * @param folder contains the compiled code of all versions of the extension, and nothing else.
 * @returns no variables if the user has set one of them, or the folder cannot be used.
 */
export function compiledCodeEnvironment(
  folder: string,
  version: string,
  environment: NodeJS.ProcessEnv = process.env,
): Readonly<Record<string, string>> {
  if (environment[cache] !== undefined || environment["NODE_DISABLE_COMPILE_CACHE"] !== undefined) return {};
  const own = path.join(folder, version);
  try {
    // Node.js would create the folder itself, but it may hang if that is impossible.
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
