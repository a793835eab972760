/** The data types in which VS Code's explorer and tabs pass the URIs of dragged files. */
const types = ["application/vnd.code.uri-list", "text/uri-list"] as const;

/** Accepts files that are dropped on an element. VS Code passes a drop to a view only while Shift is held. */
export function acceptFiles(target: HTMLElement, onDrop: (uris: readonly string[]) => void): void {
  target.addEventListener("dragover", (event) => {
    if (!types.some((type) => event.dataTransfer?.types.includes(type))) return;
    event.preventDefault(); // allows the drop
    target.classList.add("drop");
  });
  for (const end of ["dragleave", "drop"]) {
    target.addEventListener(end, () => {
      target.classList.remove("drop");
    });
  }
  target.addEventListener("drop", (event) => {
    const uris = urisIn(event.dataTransfer);
    if (uris.length === 0) return;
    event.preventDefault();
    onDrop(uris);
  });
}

function urisIn(data: DataTransfer | null): readonly string[] {
  const list = types.map((type) => data?.getData(type) ?? "").find((text) => text !== "") ?? "";
  return list.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
}
