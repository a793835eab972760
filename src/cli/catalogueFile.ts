import path from "node:path";

/**
 * Path of the list of published models. In the repository, in the npm package and in an installed VSIX, `models` is
 * next to the folder that contains the bundles.
 */
export const catalogueFile = path.join(__dirname, "..", "models", "catalogue.json");
