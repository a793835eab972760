import * as vscode from "vscode";
import { visibleText } from "../shared/inertText.js";

/** A language's name as VS Code shows it, such as “TypeScript”; the identifier if no extension gives it a name. */
export function languageName(languageId: string): string {
  for (const { packageJSON } of vscode.extensions.all) {
    const alias = languagesOf(packageJSON).find(({ id }) => id === languageId)?.aliases?.[0];
    if (typeof alias === "string" && alias !== "") return visibleText(alias);
  }
  return visibleText(languageId);
}

interface Language {
  readonly id?: unknown;
  readonly aliases?: readonly unknown[];
}

/** The languages that a manifest contributes. Manifests of other extensions may hold anything. */
function languagesOf(manifest: unknown): readonly Language[] {
  const { contributes } = (manifest ?? {}) as { readonly contributes?: { readonly languages?: unknown } };
  const languages = contributes?.languages;
  if (!Array.isArray(languages)) return [];
  return languages.filter(
    (one: Language | null): one is Language =>
      typeof one === "object" && one !== null && (one.aliases === undefined || Array.isArray(one.aliases)),
  );
}
