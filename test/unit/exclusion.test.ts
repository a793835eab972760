import assert from "node:assert/strict";
import test from "node:test";
import { exclusionOf } from "../../src/shared/exclusion.js";
import { compileGlobs, maxGlobLength, maxPathLength } from "../../src/shared/pathGlobs.js";
import { settingSchemas } from "../support/manifest.js";
import { secretFiles } from "../../src/shared/secretFiles.js";

const secrets = exclusionOf(secretFiles);
const isSecret = (path: string, exclusion = secrets): boolean => exclusion.isExcluded(`/home/me/${path}`, path);
const matches = (glob: string, path: string): boolean => compileGlobs([glob]).matches(path);

test("files that contain secrets are excluded by default, in any folder and any case", () => {
  for (const name of [
    ".env .env.local .env.production .envrc prod.env staging.env app.env.local .dev.vars",
    "server.pem tls.key ca.crt cert.der key.p8 store.p12 store.pfx app.jks release.keystore key.ppk db.kdbx backup.gpg",
    "id_rsa id_rsa.pub id_ed25519 id_ecdsa deploy_rsa github_ed25519 .ssh/config .gnupg/private-keys-v1.d/x",
    ".git-credentials .netrc _netrc .npmrc .pypirc .pgpass .my.cnf .htpasswd .s3cfg .boto .vault-token .gitcookies",
    ".kube/config .docker/config.json .aws/credentials .azure/accessTokens.json .config/gcloud/x.db .cargo/credentials",
    ".cargo/credentials.toml .config/gh/hosts.yml .m2/settings.xml .gradle/gradle.properties kubeconfig prod.kubeconfig",
    "prod.tfvars prod.auto.tfvars prod.tfvars.json terraform.tfstate terraform.tfstate.backup terraform.tfstate.d/a",
    "credentials credentials.json gcp-credentials.json client_secret_1.json service-account.json service_account.json",
    "serviceAccountKey.json my-service-account-prod.json app-firebase-adminsdk-x1.json secrets.yaml secrets.json",
    "app-secrets.yml .secrets passwords.txt auth.json wp-config.php rclone.conf .bash_history etc/shadow .git/config",
    "token.json secrets/db.txt secrets/prod.yml secrets/db_password .terraform.d/credentials.tfrc.json .vnc/passwd",
    "keystore.properties .config/sops/age/keys.txt .config/solana/id.json wallet.dat fish_history logins.json key4.db",
    "github_token access_token.txt api_key.txt api-keys.json vault-password.txt db_passwd.yml .config/hub aws_credentials",
    ".config/doctl/config.yaml .fly/config.yml .ngrok2/ngrok.yml kube.config kube-config.yaml htpasswd krb5cc_1000",
    ".dbt/profiles.yml refreshTokens.json private_key.json .kaggle/kaggle.json home.nmconnection chap-secrets .viminfo",
  ].flatMap((line) => line.split(" "))) {
    for (const path of [name, `deep/er/${name}`, name.toUpperCase()]) assert.equal(isSecret(path), true, path);
  }
});

test("backups, swap files and locks of excluded files are excluded too", () => {
  for (const name of [
    "a.key~ a.key.bak a.key.orig a.key.old a.key.save a.key.swp .a.key.swp .a.key.swo #a.key# .#a.key a.key.~1~",
    "a.key.bak.old prod.env~ .prod.env.swp .env.swp .pgpass~ .pgpass.bak .my.cnf.orig credentials.json.bak #credentials#",
    ".credentials.swp a.tfstate~ .npmrc.bak2 server.key.1 a.pem.1 a.key.20240101 a.key-2024-01-01 a.key.2024-01-01T10:00Z",
    "server.pem.gz a.key.tar.gz a.key.bak.1.zip wallet.dat.old token.json.1",
  ].flatMap((line) => line.split(" "))) {
    assert.equal(isSecret(name), true, name);
  }
  for (const name of [
    ["a.key copy", "a.key copy 2", "a copy.key", "a.key - Copy", "credentials (1).json", "credentials - Copy (2).json"],
    ["Copy of credentials.json", "Copy (2) of token.json", "credentials copy.json"],
  ].flat()) {
    assert.equal(isSecret(name), true, name);
  }
  for (const name of ["src/a.ts.1", "src/a copy.ts", "Copy of a.ts", "a (1).py", "v1.2.3", "CHANGELOG-2024.md"]) {
    assert.equal(isSecret(name), false, name);
  }
  assert.equal(isSecret("src/a.ts~"), false);
});

test("source files with similar names are completed", () => {
  for (const name of [
    "src/env.ts vite-env.d.ts src/environment.ts keys.ts src/keyboard.ts src/credentials.ts credentialStore.py",
    "password.ts tokens.ts tokenizer.py secretSanta.py monkey.ts terraform/main.tf src/key.rs docs/ssh.md a.b.key.ts",
    "pkg/auth.ts auth.service.ts config.json docker/config.json kube/config.yaml settings.xml history.ts .gitignore",
    "tokenizer.json tokens.json design-tokens.json special_tokens_map.json keys.json secret.ts secretStore.go api_key.py",
    "app/reset-password/page.tsx routes/access_token/index.ts api/token/route.ts src/token.rs wallet.ts cookies.ts",
    "keyboard.json hotkeys.yaml primary-keys.sql passwd.c passphrase.ts src/hub/index.ts src/cookies/index.ts wallets.json fly/main.py",
  ].flatMap((line) => line.split(" "))) {
    assert.equal(isSecret(name), false, name);
  }
});

test("no character in a folder's name, such as a line feed, bypasses a glob", () => {
  for (const folder of ["a\nb", "a\rb", "\u2028", "a\u0000b", "😀", " ", "[x]", "{a,b}", "*", "a\\b"]) {
    assert.equal(isSecret(`${folder}/.env`), true, JSON.stringify(folder));
    assert.equal(isSecret(`x/${folder}/y/a.key`), true, JSON.stringify(folder));
  }
});

test("a path with `..` or in another form is resolved first", () => {
  const only = exclusionOf(["private/**", "**/clé/**"]);
  assert.equal(isSecret("src/../private/x.ts", only), true);
  assert.equal(isSecret("./private//x.ts", only), true);
  assert.equal(isSecret("cle\u0301/x.ts", only), true, "letters in another Unicode normalization form");
  const onWindows = exclusionOf(["**/*.key"], "win32");
  for (const path of ["C:\\p\\a.key", "c:/p/a.key. ", "c:/p/A.KEY::$DATA", "c:/p/a.key/"]) {
    assert.equal(onWindows.isExcluded(path, "x"), true, path);
  }
});

test("the work for a path is bounded by the lengths of globs and path", () => {
  const path = "a".repeat(maxPathLength);
  const { matches: isMatch } = compileGlobs([`${"*a".repeat(maxGlobLength / 2 - 1)}b`, `${"**/a*".repeat(100)}b`]);
  const start = process.cpuUsage();
  assert.equal(isMatch("a".repeat(1000)), false);
  assert.equal(isMatch(path), true, "not decided within the bound");
  // With backtracking, this would never end, so even a generous limit on the time detects it.
  assert.ok(process.cpuUsage(start).user < 20_000_000);
  assert.equal(
    exclusionOf(["**/*.key"]).isExcluded(`${path}/x`, "x"),
    true,
    "a path that cannot be matched is not read",
  );
});

test("many globs cost a bounded number of steps; a path that is not decided within them is excluded", () => {
  const many = compileGlobs(Array.from({ length: 3000 }, (_, i) => `**/*a${i}*`));
  const start = process.cpuUsage();
  for (const length of [250, 1000, maxPathLength - 100]) assert.equal(many.matches("a".repeat(length)), true);
  assert.ok(process.cpuUsage(start).user < 5_000_000); // took half a minute before the number of steps was bounded
  assert.equal(many.matches("src/server/main.ts"), false);
  assert.equal(many.matches("src/a2999/main.ts"), true);
  assert.equal(
    secrets.isExcluded(`${"long-folder-name/".repeat(230)}main.ts`, "main.ts"),
    false,
    "the default decides",
  );
});

test("a glob for any folder is tried at each name and nowhere else", () => {
  for (const glob of ["**/a", "**/**/a", "***/a"]) {
    for (const path of ["a", "x/a", "x/y/a", "x/a/y"]) assert.equal(matches(glob, path), true, `${glob} ${path}`);
    for (const path of ["xa", "x/ya", "ax"]) assert.equal(matches(glob, path), false, `${glob} ${path}`);
  }
  assert.equal(matches("**/!a", "x/!a"), true);
});

test("the manifest's default is this list", () => {
  assert.deepEqual(settingSchemas["rwkvCode.exclude"]?.default, secretFiles);
  assert.deepEqual(secrets.problems, []);
});
