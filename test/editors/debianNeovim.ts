import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mirrorOfDebian } from "../support/oldDebian.js";

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
const folder = path.resolve("out/editors/neovim");

/**
 * Unpacks Neovim from Debian unstable with all its libraries, including libc, into a folder. Does not change the
 * system.
 * @returns the reason if that is not possible here, otherwise undefined
 */
export function unpackNeovim(): string | undefined {
  if (existsSync(path.join(unpackedRoot, "usr/bin/nvim"))) return undefined;
  if (process.platform !== "linux" || !existsSync("/usr/bin/apt-get") || !existsSync(keyring))
    return "this is no Debian";
  const mirror = mirrorOfDebian();
  if (mirror === undefined) return "no Debian mirror is set up here";
  rmSync(folder, { recursive: true, force: true });
  for (const name of ["lists/partial", "cache/archives/partial"])
    mkdirSync(path.join(folder, name), { recursive: true });
  writeFileSync(path.join(folder, "status"), ""); // treat the system as empty, so that all dependencies are downloaded
  const sources = path.join(folder, "sources.list");
  writeFileSync(sources, `deb [signed-by=${keyring}] ${mirror} sid main\n`);
  const options = {
    "Dir::Etc::sourcelist": sources,
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::State::lists": path.join(folder, "lists"),
    "Dir::State::status": path.join(folder, "status"),
    "Dir::Cache": path.join(folder, "cache"),
    "APT::Sandbox::User": "root",
    "APT::Install-Recommends": "false",
    "Acquire::http::Timeout": "20",
    "Debug::NoLocking": "true",
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const apt = (...args: string[]): SpawnSyncReturns<string> =>
    spawnSync("apt-get", [...flags, "--yes", "--quiet", ...args], { encoding: "utf8" });
  if (apt("update").status !== 0 || apt("--download-only", "install", "neovim").status !== 0)
    return "Debian's packages cannot be downloaded";
  const archives = path.join(folder, "cache/archives");
  for (const name of readdirSync(archives).filter((file) => file.endsWith(".deb"))) {
    const { status } = spawnSync("dpkg-deb", ["--extract", path.join(archives, name), unpackedRoot]);
    if (status !== 0) return `${name} could not be unpacked`;
  }
  return undefined;
}

export const unpackedRoot = path.join(folder, "root");
