import { existsSync } from "node:fs";
import path from "node:path";

/** The repository's root. Tests run in it, except inside VS Code, where the variable names it. */
export const root = process.env["RWKV_TEST_ROOT"] ?? process.cwd();
export const embeddedModel = path.join(root, "models/default");
export const fixtures = path.join(root, "test/fixtures");

/** A folder beside the checkout with reference data, which is not public. Tests that need it are skipped without it. */
const shared = path.join(root, "../shared");

/** A path under ../shared, and the reason to skip if it does not exist. */
export function sharedPlace(...parts: readonly string[]): { readonly path: string; readonly skip: string | false } {
  const place = path.join(shared, ...parts);
  return { path: place, skip: existsSync(place) ? false : "../shared is not here" };
}
