import { main } from "../lib/cli/main.js";

void main(process.argv).then((exitCode) => {
  process.exitCode = exitCode;
});
