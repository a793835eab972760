import path from "node:path";

/**
 * The model that is shipped with the extension. It is beside the bundles, both in the repository and in an installed
 * VSIX.
 */
export const embeddedModel = path.join(__dirname, "..", "models", "default");
