import path from "node:path";

/**
 * The list of published models. `models` is beside the folder of the bundles in the repository, in the npm package and
 * in an installed VSIX.
 */
export const catalogueFile = path.join(__dirname, "..", "models", "catalogue.json");
