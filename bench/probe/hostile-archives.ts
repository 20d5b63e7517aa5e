/** Charts that lead out of their folder, grow without end, are cut, or contradict themselves. */
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { createRandom, drawBelow, drawFrom, type Random } from "../../test/support/seeded-random.js";
import { type TarEntry, writeTar } from "./tar.js";

export const chartName = "spectro-mgmt-plane";
export const chartVersion = "4.7.20";

/** What is offered: a packed chart under a tag of a registry, or a vendor's archive in a folder. */
export interface Offer {
  what: string;
  kind: "registry" | "zip";
  tag: string;
  bytes: Buffer;
}

const mebi = 1024 * 1024;
const chartYaml = `apiVersion: v2\nname: ${chartName}\nversion: ${chartVersion}\nappVersion: "${chartVersion}"\n`;
const good: TarEntry = { name: `${chartName}/Chart.yaml`, content: chartYaml };
const types = ["0", "1", "2", "3", "4", "5", "6", "7", "g", "x", "L", "K", "S", "V", "\0"];
const tags = ["1/../../x", "../1.0.0", "1\\..\\x", "%2e%2e%2f1.0.0", "1.0.0\n", "1.0.0\0", "", ".", "..", "v", "1..0", "latest", "1.0.0_meta", "١.٠.٠", `1.${"0".repeat(300)}`, "-rf", "~root", "1.0.0/../1.0.1", "1.14.5"]; // prettier-ignore

/** Makes `count` offers. `outside`: a folder that nothing may be written to. */
export function createOffers(count: number, seed: number, outside: string): Offer[] {
  const random = createRandom(seed);
  const names = listNames(outside);
  const offers = tags.map((tag) => offer(`tag ${JSON.stringify(tag).slice(0, 40)}`, pack([good]), tag));
  const kinds = [
    (): Offer => offerEntry(random, names),
    (): Offer => offerDamaged(random, names),
    (): Offer => offerZip(random, names),
    (): Offer => offerTwice(random),
  ];
  while (offers.length < count) offers.push(drawFrom(random, kinds)());
  return offers.slice(0, count);
}

function listNames(outside: string): string[] {
  const up = "../".repeat(12) + outside.slice(1);
  return [`${outside}/x`, `${up}/x`, `${chartName}/${up}/x`, "../x", "../../x.tgz", `${chartName}/../../x`, "..\\..\\x", "C:\\x", "/x", "//x", ".", "..", "", "/", `${chartName}//x`, `${chartName}/./x`, `${chartName}/__proto__`, `${chartName}/templates/\u202ex`, `${chartName}/charts/../../../x.tgz`]; // prettier-ignore
}

function offer(what: string, bytes: Buffer, tag = chartVersion): Offer {
  return { what, kind: "registry", tag, bytes };
}

function offerZipped(what: string, bytes: Buffer): Offer {
  return { what, kind: "zip", tag: chartVersion, bytes };
}

function pack(entries: readonly TarEntry[]): Buffer {
  return gzipSync(writeTar(entries), { level: 1 });
}

/** Makes offers of which each takes much memory or time, if nothing bounds it. */
export function createLargeOffers(): Offer[] {
  const large = pack([good, { name: `${chartName}/values.yaml`, content: Buffer.alloc(150 * mebi) }]);
  const path = `palette/${chartName}-${chartVersion}.tgz`;
  const zip = (content: Buffer): Buffer => Buffer.from(zipSync({ [path]: content }, { level: 1 }));
  const many = Array.from({ length: 25_000 }, (_, index) => ({ name: `${chartName}/templates/${index}` }));
  return [
    offer("unpacks to 150 MiB", large),
    offer("a sub-chart unpacks to 150 MiB", pack([good, { name: `${chartName}/charts/a.tgz`, content: large }])),
    offer("25,000 entries", pack([good, ...many])),
    offer("an entry that says 8 GiB", pack([good, { name: `${chartName}/values.yaml`, size: 8 * 1024 * mebi - 1 }])),
    offer("zeros only", gzipSync(Buffer.alloc(90 * mebi), { level: 1 })),
    offerZipped("a zip that unpacks to 150 MiB and says 1 byte", sayZipSize(zip(Buffer.alloc(150 * mebi)), 1)),
    offerZipped("a zip that says 4 GiB", sayZipSize(zip(pack([good])), 0xfffffffe)),
    offerZipped("a zip that says 499 MB", sayZipSize(zip(pack([good])), 499_000_000)),
    offerZipped("a zip of a large chart", zip(large)),
    offerZipped(
      "a zip of 5,000 entries",
      Buffer.from(
        zipSync(Object.fromEntries(many.slice(0, 5000).map(({ name }) => [`${name}.tgz`, new Uint8Array()]))),
      ),
    ),
  ];
}

/** Writes another unpacked size into the first entry of a zip's directory. */
function sayZipSize(zip: Buffer, size: number): Buffer {
  const changed = Buffer.from(zip);
  changed.writeUInt32LE(size, changed.lastIndexOf(Buffer.from("PK\x01\x02")) + 24);
  return changed;
}

function drawEntry(random: Random, names: readonly string[]): TarEntry {
  return {
    name: drawFrom(random, [...names, ...names, `${chartName}/values.yaml`]),
    type: drawFrom(random, types),
    link: drawFrom(random, [...names, "/etc/passwd"]),
    content: drawFrom(random, ["", "x", `30 path=${names[0]!}\n`, "a: 1\n", "x".repeat(5000)]),
  };
}

function offerEntry(random: Random, names: readonly string[]): Offer {
  const entries = Array.from({ length: 1 + drawBelow(random, 4) }, () => drawEntry(random, names));
  const all = entries.toSpliced(drawBelow(random, entries.length + 1), 0, good);
  return offer(`entries ${all.map(({ type = "0", name }) => `${type} ${name}`).join(", ")}`, pack(all));
}

function offerDamaged(random: Random, names: readonly string[]): Offer {
  const tar = writeTar([good, drawEntry(random, names)]);
  const packed = gzipSync(tar);
  const flip = (bytes: Buffer): Buffer => {
    const changed = Buffer.from(bytes);
    changed[drawBelow(random, bytes.length)]! ^= 1 << drawBelow(random, 8);
    return changed;
  };
  const cut = (bytes: Buffer): Buffer => bytes.subarray(0, drawBelow(random, bytes.length));
  const damages: Record<string, () => Buffer> = {
    "cut off": () => cut(packed),
    "cut off inside": () => gzipSync(cut(tar)),
    "a bit changed": () => flip(packed),
    "a bit changed inside": () => gzipSync(flip(tar)),
    "bytes behind it": () => Buffer.concat([packed, Buffer.from("trailing")]),
    "another archive behind it": () => Buffer.concat([packed, packed]),
    "packed twice": () => gzipSync(packed),
    "not packed": () => tar,
    empty: () => Buffer.alloc(0),
  };
  const what = drawFrom(random, Object.keys(damages));
  return offer(what, damages[what]!());
}

function offerZip(random: Random, names: readonly string[]): Offer {
  const bad = [...names, "palette/../../x.tgz", `palette/${"../".repeat(9)}x.tgz`, `../palette/${chartName}-4.7.20.tgz`, `palette/${chartName}-4.7.20/../../x.tgz`, `palette/${chartName}-1\\..\\x.tgz`, `palette/${chartName}-4.7.20\n.tgz`]; // prettier-ignore
  const entries = Array.from({ length: 1 + drawBelow(random, 3) }, () => drawFrom(random, bad));
  const isWhole = drawBelow(random, 2) === 0;
  const all = isWhole ? [...entries, `palette/${chartName}-${chartVersion}.tgz`] : entries;
  const zip = Buffer.from(zipSync(Object.fromEntries(all.map((name) => [name, pack([good])]))));
  const bytes = drawBelow(random, 3) === 0 ? zip.subarray(0, drawBelow(random, zip.length)) : zip;
  return offerZipped(`a zip with ${all.join(", ")}`, bytes);
}

/** Two Chart.yaml of which one is wrong. */
function offerTwice(random: Random): Offer {
  const other = drawFrom(random, [
    chartYaml.replace(chartVersion, "9.9.9"),
    chartYaml.replace(chartName, "other"),
    "",
    "name: [",
    "a: &a [*a]",
  ]);
  const entries = [
    good,
    { name: drawFrom(random, [good.name, `x/Chart.yaml`, `${chartName}/chart.yaml`]), content: other },
  ];
  return offer("Chart.yaml twice", pack(drawBelow(random, 2) === 0 ? entries : entries.reverse()));
}
