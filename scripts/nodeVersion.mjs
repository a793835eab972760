// Exits if Node is too old. Import this module before any module that older versions cannot load.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old; install Node 20.19 or newer`);
  process.exit(1);
}
