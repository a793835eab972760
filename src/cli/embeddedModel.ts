import path from "node:path";

/**
 * The model that is shipped with the extension. It lies beside the bundles, in the repository as in an installed VSIX.
 */
export const embeddedModel = path.join(__dirname, "..", "models", "default");
