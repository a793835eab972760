// Installs Debian packages that tests need, if the user is root. Otherwise the caller prints the command to type.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** The command that installs a package. */
export const installCommand = (name) => `apt-get update && apt-get install -y --no-install-recommends ${name}`;

/**
 * Installs a package as root on Debian. Tries up to three times, until `isThere` returns true. Does nothing for other
 * users and on other systems.
 */
export function installDebianPackage(name, isThere) {
  if (isThere() || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  console.log(`installing ${name} …`);
  for (let attempt = 0; attempt < 3 && !isThere(); attempt++) {
    // The option makes apt-get wait if another apt holds the lock.
    spawnSync("sh", ["-c", installCommand(name).replace("install -y", "install -y -o DPkg::Lock::Timeout=120")], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  }
}
