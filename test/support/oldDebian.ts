import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Packages with the libraries that Node's executable links to. */
const packages = ["libc6", "libgcc-s1", "libstdc++6"];

/**
 * Unpacks a minimal Debian 11 (glibc 2.31) into `root`. Its packages come from this machine's Debian mirror; this
 * process's Node is copied to /node.
 * @returns the reason if that is not possible, otherwise undefined
 */
export function unpackDebian11(root: string, downloads: string): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return "this is not Linux on x64";
  if (process.getuid?.() !== 0) return "chroot requires root";
  const mirror = mirrorOfDebian();
  if (mirror === undefined) return "no Debian mirror is set up here";
  for (const folder of ["lists/partial", "cache/archives/partial"]) {
    mkdirSync(path.join(downloads, folder), { recursive: true });
  }
  const [sources, status] = [path.join(downloads, "sources.list"), path.join(downloads, "status")];
  writeFileSync(sources, `deb ${mirror} bullseye main\n`);
  writeFileSync(status, "");
  const options = [
    `Dir::Etc::SourceList=${sources}`,
    "Dir::Etc::SourceParts=/nonexistent",
    `Dir::State=${downloads}`,
    `Dir::State::status=${status}`,
    `Dir::Cache=${path.join(downloads, "cache")}`,
    "APT::Sandbox::User=root",
  ].flatMap((option) => ["-o", option]);
  for (const args of [["update"], ["download", ...packages]]) {
    const { status: code, stderr } = spawnSync("apt-get", ["-q", ...options, ...args], {
      cwd: downloads,
      encoding: "utf8",
    });
    if (code !== 0) return `Debian 11 cannot be had: ${stderr.trim().split("\n")[0] ?? ""}`;
  }
  mkdirSync(root, { recursive: true });
  for (const file of readdirSync(downloads).filter((name) => name.endsWith(".deb"))) {
    const { status: code } = spawnSync("dpkg-deb", ["-x", path.join(downloads, file), root]);
    if (code !== 0) return `${file} cannot be unpacked`;
  }
  for (const folder of ["tmp", "dev"]) mkdirSync(path.join(root, folder), { recursive: true });
  writeFileSync(path.join(root, "dev/null"), ""); // Node passes /dev/null to its child processes as standard input
  cpSync(process.execPath, path.join(root, "node"));
  return undefined;
}

/** The Debian mirror that this machine is configured for. apt checks downloads with Debian's keys. */
export function mirrorOfDebian(): string | undefined {
  const { status, stdout } = spawnSync("apt-get", ["indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)"], {
    encoding: "utf8",
  });
  // The archive of security updates does not match, because it has a different label.
  return status === 0 ? /^Debian Debian (\S+)$/m.exec(stdout)?.[1] : undefined;
}
