// The file extensions that select a grammar.
import type { Grammar } from "./grammar.js";
import {
  cLike,
  cpp,
  csharp,
  css,
  dart,
  erlang,
  go,
  graphql,
  html,
  java,
  javascript,
  json,
  jsx,
  kotlin,
  markdown,
  powershell,
  python,
  rust,
  scss,
  sql,
  svelte,
  swift,
  toml,
  unknown,
  xml,
  yaml,
  zig,
} from "./grammars.js";
import { elixir, julia, lua, ruby, shell } from "./keywordBlockGrammars.js";
import {
  astro,
  cmake,
  configuration,
  fsharp,
  groovy,
  haskell,
  hcl,
  lisp,
  ocaml,
  perl,
  properties,
  r,
  recipe,
  solidity,
  tex,
} from "./furtherGrammars.js";

const byExtension = new Map<string, Grammar>(
  (
    [
      ["js mjs cjs jsx tsx", jsx],
      ["ts mts cts", javascript],
      ["c h m mm glsl hlsl wgsl proto thrift v sv d", cLike],
      ["zig", zig],
      ["cc cpp cxx hh hpp hxx cu ino", cpp],
      ["java", java],
      ["groovy gradle", groovy],
      ["kt kts scala sc", kotlin],
      ["dart", dart],
      ["go", go],
      ["rs", rust],
      ["swift", swift],
      ["cs", csharp],
      ["py pyi pyw pyx bzl gd", python],
      ["rb rake gemspec cr", ruby],
      ["ex exs", elixir],
      ["jl", julia],
      ["lua", lua],
      ["sh bash zsh ksh", shell],
      ["ps1 psm1 psd1", powershell],
      ["erl hrl", erlang],
      ["json jsonc json5 ipynb", json],
      ["yml yaml", yaml],
      ["toml", toml],
      ["ini cfg properties env desktop service", properties],
      ["sql", sql],
      ["css", css],
      ["scss less sass", scss],
      ["html htm vue hbs ejs php phtml", html],
      ["svelte", svelte],
      ["astro", astro],
      ["xml svg xsd xsl plist csproj", xml],
      ["graphql gql", graphql],
      ["hs lhs elm purs", haskell],
      ["ml mli", ocaml],
      ["fs fsi fsx", fsharp],
      ["clj cljs cljc edn lisp lsp el scm rkt", lisp],
      ["r", r],
      ["pl pm", perl],
      ["tf tfvars hcl", hcl],
      ["sol", solidity],
      ["mk dockerfile makefile", recipe],
      ["cmake", cmake],
      ["conf", configuration],
      ["tex sty ltx bib", tex],
      ["md markdown mdx rst txt", markdown],
    ] as const
  ).flatMap(([extensions, language]) => extensions.split(" ").map((extension) => [extension, language] as const)),
);

/** Files without an extension, or with one that does not tell their language. */
const byName = new Map<string, Grammar>(
  (
    [
      ["gemfile rakefile vagrantfile podfile fastfile brewfile", ruby],
      ["jenkinsfile", groovy],
      ["makefile gnumakefile dockerfile containerfile", recipe],
      ["cmakelists.txt", cmake],
      [".bashrc .bash_profile .bash_aliases .profile .zshrc .zprofile", shell],
    ] as const
  ).flatMap(([names, language]) => names.split(" ").map((name) => [name, language] as const)),
);

/** The grammar for a file's name. An unknown one gets the grammar of an unknown language. */
export function grammarOf(path: string): Grammar {
  const name = /[^/\\]*$/.exec(path)?.[0]?.toLowerCase() ?? "";
  const extension = /\.([^.]+)$/.exec(name)?.[1] ?? "";
  return byName.get(name) ?? byExtension.get(extension) ?? unknown;
}
