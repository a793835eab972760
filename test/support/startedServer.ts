import path from "node:path";
import type { ServerSettings } from "../../src/shared/protocol.js";
import { FakeModel } from "./fakeModel.js";
import { resultOf, ServedClient } from "./servedClient.js";

export const folder = "file:///project";
export const uriOf = (name: string): string => `${folder}/${name}`;
export const code = "let a = 1;\n";
type Settings = Readonly<Record<string, unknown>>;

interface Start {
  readonly settings?: Settings;
  readonly capabilities?: Settings;
  readonly folder?: string;
}

/** Starts a server with a fake model. @returns a client, the settings of each load, and the names of open documents. */
export async function started({ settings = {}, capabilities, folder: root = folder }: Start) {
  const loads: ServerSettings[] = [];
  const client = await ServedClient.start({
    load: async (given) => {
      loads.push(given);
      return new FakeModel({ knows: code });
    },
    initializationOptions: settings,
    folder: root,
    ...(capabilities !== undefined && { capabilities }),
  });
  const names = async (): Promise<string[]> => {
    const { documents } = await client.statisticsNow();
    return documents.map(({ uri }) => path.posix.basename(uri)).toSorted();
  };
  const ready = async (): Promise<void> => void resultOf(await client.request("rwkv/model"));
  return { client, loads, names, ready };
}
