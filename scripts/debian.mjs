// Debian packages that tests need: installed as root, otherwise the caller says what to type.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** What installs a package. */
export const installCommand = (name) => `apt-get update && apt-get install -y --no-install-recommends ${name}`;

/** Installs a package as root on Debian, until `isThere` or three attempts have failed. Does nothing elsewhere. */
export function installDebianPackage(name, isThere) {
  if (isThere() || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  console.log(`installing ${name} …`);
  for (let attempt = 0; attempt < 3 && !isThere(); attempt++) {
    // Another apt may hold the lock: apt itself waits for it.
    spawnSync("sh", ["-c", installCommand(name).replace("install -y", "install -y -o DPkg::Lock::Timeout=120")], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  }
}
