/** Hostile charts, from a registry and from vendor's archives: nothing is written but into the cache, and memory is bounded. */
import { fork } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registryStandIn, type RegistryStandIn } from "../../test/site/charts/registry-stand-in.js";
import { type ReadRequest, type ReadResult } from "./archive-reader.js";
import { chartName, chartVersion, createLargeOffers, createOffers, type Offer } from "./hostile-archives.js";
import { type ProbeResult, requireAtMost, requireCases, state, Tally } from "./result.js";

const mostMemory = 1024;
const cache = "project/.palette/charts/";

/** Has `cases` hostile charts read, and the large ones beside them. */
export async function probeArchives(cases: number, seed: number, isWithLarge: boolean): Promise<ProbeResult> {
  const root = mkdtempSync(join(tmpdir(), "palette-probe-"));
  const registry = await registryStandIn({ tagsPerPage: 100 });
  const tally = new Tally();
  try {
    for (const folder of ["project", "outside"]) mkdirSync(join(root, folder));
    const small = createOffers(cases, seed, join(root, "outside"));
    const offers = isWithLarge ? [...createLargeOffers(), ...small] : small;
    const request: ReadRequest = {
      projectDir: join(root, "project"),
      offers: offers.map((offer, index) => lay(offer, index, root, registry)),
    };
    const before = new Set(listFiles(root));
    const result = await readInChild(request);
    tally.cases = result.taken.length + result.refused + result.crashes.length;
    for (const crash of result.crashes) tally.fault("crashes", crash);
    const written = listFiles(root).filter((path) => !before.has(path));
    for (const path of written) if (!isPlainCacheFile(path)) tally.fault("written outside the cache", path);
    return {
      probe: "archives",
      measures: [
        requireCases(tally.cases, cases),
        tally.requireNone("written outside the cache"),
        tally.requireNone("crashes"),
        state("refused", String(result.refused)),
        state("written into the cache", String(written.length)),
        requireAtMost("peak memory", result.memory, mostMemory, "MiB"),
      ],
      faults: tally.faults,
    };
  } finally {
    await registry.close();
    rmSync(root, { recursive: true, force: true });
  }
}

/** Lays an offer where the reader finds it; returns where that is. */
function lay(
  { what, kind, tag, bytes }: Offer,
  index: number,
  root: string,
  registry: RegistryStandIn,
): ReadRequest["offers"][number] {
  if (kind === "zip") {
    mkdirSync(join(root, `project/zips-${index}`));
    writeFileSync(join(root, `project/zips-${index}/release-${chartVersion}.zip`), bytes);
    return { what, location: `zips-${index}`, role: "hubble" };
  }
  // Only a chart whose version nobody knows in advance is asked for by the registry's tags.
  const role = tag === chartVersion ? "hubble" : "cert-manager";
  registry.push(`case-${index}/${role === "hubble" ? chartName : role}`, tag, bytes);
  return { what, location: `oci://${registry.host}/case-${index}`, role };
}

async function readInChild(request: ReadRequest): Promise<ReadResult> {
  const child = fork(join(__dirname, "archive-reader.ts"), { execArgv: ["--import", "tsx"] });
  try {
    return await new Promise<ReadResult>((resolve, reject) => {
      child.once("message", resolve);
      child.once("exit", (status) => reject(new Error(`the reader ended with ${String(status)}`)));
      child.send(request);
    });
  } finally {
    child.kill();
  }
}

/** Lists what is below a folder; a link ends in `@` and is not followed. */
function listFiles(root: string): string[] {
  const list = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return list(path);
      return [entry.isFile() ? path : `${path}@`];
    });
  return list("");
}

function isPlainCacheFile(path: string): boolean {
  const [folder, name, ...more] = path.startsWith(cache) ? path.slice(cache.length).split("/") : [];
  return folder === `release-${chartVersion}` && name?.endsWith(".tgz") === true && more.length === 0;
}
