import path from "node:path";

/**
 * Folder of the model that is shipped with the extension. In the repository, in the npm package and in an installed
 * VSIX, `models` is next to the folder that contains the bundles.
 */
export const embeddedModel = path.join(__dirname, "..", "models", "default");
