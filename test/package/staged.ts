import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const scripts = (name: string): Promise<unknown> => import(pathToFileURL(path.resolve("scripts", name)).href);

const stages = new Map<string, Promise<string | undefined>>();

/**
 * Stages the package of a platform on the first call for that platform.
 * @returns the package's folder; undefined if our own engine cannot be built for the platform here.
 */
export function staged(target: string): Promise<string | undefined> {
  const known = stages.get(target);
  if (known !== undefined) return known;
  const stage = stageOf(target);
  stages.set(target, stage);
  return stage;
}

async function stageOf(target: string): Promise<string | undefined> {
  const { stageExtension } = (await scripts("stage.mjs")) as { stageExtension: (target: string) => Promise<string> };
  const folder = await stageExtension(target);
  return existsSync(path.join(folder, "dist/native", `${target}.node`)) ? folder : undefined;
}
