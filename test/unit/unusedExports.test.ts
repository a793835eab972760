import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import test from "node:test";

/** Exports that VS Code calls, and those in the sample file that `npm start` opens. */
const usedFromOutside = [
  "src/extension/main.ts activate",
  "media/sample.ts add",
  "media/sample.ts distance",
  "media/sample.ts pathLength",
];

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ts|mjs)$/.test(file) && !file.includes("node_modules"))
    .map((file) => path.posix.join(folder, file.replaceAll("\\", "/")));
}

/**
 * The names of all values that a text exports. Types may be exported without being imported, if a signature names them.
 */
function exportedIn(text: string): string[] {
  const code = text.replace(/`(?:[^`\\]|\\.)*`/g, "``"); // template strings contain sample code
  return [...code.matchAll(/^export (?:async )?(?:abstract )?(?:function|class|const|let) (\w+)/gm)].map(
    ([, name = ""]) => name,
  );
}

/** All names that a file imports, as "file name", with the file that exports them; "file *" for a whole file. */
function importedIn(file: string, text: string): string[] {
  const target = (to: string): string => path.posix.join(path.posix.dirname(file), to).replace(/\.js$/, ".ts");
  const named = text.matchAll(/(?:import|export) (?:type )?(?:\w+, )?\{([^}]*)\} from "(\.[^"]+)"/g);
  const whole = text.matchAll(/(?:import \* as \w+ from |import\()"(\.[^"]+)"/g);
  return [
    ...[...named].flatMap(([, names = "", to = ""]) =>
      names.split(",").map((name) => `${target(to)} ${name.replace(/^\s*(type )?| as .*|\s+$/g, "")}`),
    ),
    ...[...whole].map(([, to = ""]) => `${target(to)} *`),
  ];
}

test("each function, class and constant that a file exports is imported by another file", () => {
  const files = ["src", "media", "test", "bench", "scripts"].flatMap(sourcesIn);
  const texts = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));
  const imported = new Set([...texts].flatMap(([file, text]) => importedIn(file, text)));
  const unused = [...texts]
    .filter(([file]) => /^(src|media)\//.test(file) && !imported.has(`${file} *`))
    .flatMap(([file, text]) => exportedIn(text).map((name) => `${file} ${name}`))
    .filter((name) => !imported.has(name) && !usedFromOutside.includes(name));
  assert.deepEqual(unused, []);
});
