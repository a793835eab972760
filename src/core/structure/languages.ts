// The file extensions that select a grammar.
import type { Grammar } from "./grammar.js";
import {
  astro,
  cLike,
  cpp,
  csharp,
  css,
  dart,
  elixir,
  erlang,
  go,
  graphql,
  html,
  java,
  javascript,
  json,
  jsx,
  julia,
  kotlin,
  lua,
  markdown,
  powershell,
  python,
  ruby,
  rust,
  scss,
  shell,
  sql,
  svelte,
  swift,
  toml,
  unknown,
  xml,
  yaml,
  zig,
} from "./grammars.js";

const byExtension = new Map<string, Grammar>(
  (
    [
      ["js mjs cjs jsx tsx", jsx],
      ["ts mts cts", javascript],
      ["c h m mm glsl hlsl wgsl proto thrift v sv d", cLike],
      ["zig", zig],
      ["cc cpp cxx hh hpp hxx cu ino", cpp],
      ["java groovy gradle", java],
      ["kt kts scala sc", kotlin],
      ["dart", dart],
      ["go", go],
      ["rs", rust],
      ["swift", swift],
      ["cs", csharp],
      ["py pyi pyw pyx", python],
      ["rb rake gemspec cr", ruby],
      ["ex exs", elixir],
      ["jl", julia],
      ["lua", lua],
      ["sh bash zsh ksh", shell],
      ["ps1 psm1 psd1", powershell],
      ["erl hrl", erlang],
      ["json jsonc json5 ipynb", json],
      ["yml yaml", yaml],
      ["toml ini cfg", toml],
      ["sql", sql],
      ["css", css],
      ["scss less sass", scss],
      ["html htm vue hbs ejs php phtml", html],
      ["svelte", svelte],
      ["astro", astro],
      ["xml svg xsd xsl plist csproj", xml],
      ["graphql gql", graphql],
      ["md markdown mdx rst txt", markdown],
    ] as const
  ).flatMap(([extensions, language]) => extensions.split(" ").map((extension) => [extension, language] as const)),
);

/** The grammar for a file's name. An unknown extension gets the grammar of an unknown language. */
export function grammarOf(path: string): Grammar {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase();
  return (extension === undefined ? undefined : byExtension.get(extension)) ?? unknown;
}
