import path from "node:path";

/** The list of published models: beside the bundles in the repository, the npm package and an installed VSIX. */
export const catalogueFile = path.join(__dirname, "..", "models", "catalogue.json");
