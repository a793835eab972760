// Installs Debian packages that tests need, if the user is root. For other users, callers print `installCommand`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** The shell command that installs a Debian package. */
export const installCommand = (name) => `apt-get update && apt-get install -y --no-install-recommends ${name}`;

/**
 * Installs a package if the user is root and the system is Debian; otherwise does nothing. Tries up to three times.
 * @param isThere returns whether the package is installed.
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
