// Prints figures about the order of the sources in the working directory: `npm run measure` (`-- --nouns` lists the names without a verb).
import { measureHouse } from "./house.mjs";

const { rows, nouns } = measureHouse(process.cwd());
for (const [name, figure, note] of rows)
  console.log(`${name.padEnd(34)}${String(figure).padStart(8)}  ${note}`.trimEnd());
if (process.argv.includes("--nouns")) console.log(nouns.sort().join(" "));
