import path from "node:path";

/** A stand-in for `vscode.Uri`, with the members that the extension uses. */
export class FakeUri {
  readonly scheme: string;
  readonly authority = "";
  readonly path: string;
  readonly query: string;

  constructor(path: string, scheme = "file", query = "") {
    this.path = path;
    this.scheme = scheme;
    this.query = query;
  }

  static file(name: string): FakeUri {
    return new FakeUri(name);
  }

  static parse(uri: string): FakeUri {
    const [scheme = "", name = ""] = uri.replace(/#.*/, "").split("://");
    return new FakeUri(name, scheme);
  }

  static from({ scheme, path, query }: Pick<FakeUri, "scheme" | "path" | "query">): FakeUri {
    return new FakeUri(path, scheme, query);
  }

  static joinPath(base: FakeUri, ...parts: readonly string[]): FakeUri {
    return new FakeUri(path.join(base.path, ...parts));
  }

  with({ path = this.path, scheme = this.scheme }: Partial<Pick<FakeUri, "path" | "scheme">>): FakeUri {
    return new FakeUri(path, scheme);
  }

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    return `${this.scheme}://${this.path}${this.query && `?${this.query}`}`;
  }
}
