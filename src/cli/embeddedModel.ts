import path from "node:path";

/**
 * The model that is shipped with the extension. `models` is beside the folder of the bundles in the repository, in the
 * npm package and in an installed VSIX.
 */
export const embeddedModel = path.join(__dirname, "..", "models", "default");
