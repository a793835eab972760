import { existsSync } from "node:fs";
import path from "node:path";

/** The repository's root: the working directory of the tests or, inside VS Code, the value of RWKV_TEST_ROOT. */
export const root = process.env["RWKV_TEST_ROOT"] ?? process.cwd();
export const embeddedModel = path.join(root, "models/default");
export const fixtures = path.join(root, "test/fixtures");

/** Reference data that is not public, in a folder beside the checkout. Without it, tests that need it are skipped. */
const shared = path.join(root, "../shared");

/** A path under ../shared. If nothing exists there, `skip` is the reason for skipping the test. */
export function sharedPlace(...parts: readonly string[]): { readonly path: string; readonly skip: string | false } {
  const place = path.join(shared, ...parts);
  return { path: place, skip: existsSync(place) ? false : "../shared is not here" };
}
