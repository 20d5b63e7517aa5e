import { closeSync, constants, fstatSync, lstatSync, mkdtempSync, openSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { listOwnEnvironments } from "./own-environments.js";
import { identifyProcess, isOwnerAlive, processSchema } from "./process-identity.js";

const prefix = "palette-upgrade-";
const markerFile = "owner.json";
const mostMarkerBytes = 4096;
const ownerSchema = processSchema.extend({
  /** PID namespace: containers may share host name and temporary folder, and count processes on their own. */
  space: z.string(),
});
type Owner = z.infer<typeof ownerSchema>;

/** Who removes folders, and what it knows of the machine. */
export interface Remover {
  user: number;
  host: string;
  space: string;
  /** Environments of this user's other processes; null where the system does not show them. */
  listEnvironments: () => readonly string[] | null;
}

/** A folder of this process, readable by its user only, that names its owner. */
export interface RunFolder {
  path: string;
  remove: () => void;
}

/** Creates a run's folder, which goes at the latest when this process exits, and removes those of killed runs. */
export function createRunFolder(parent: string = tmpdir()): RunFolder {
  removeLeftFolders(parent);
  const path = mkdtempSync(join(parent, prefix));
  const owner: Owner = { ...identifyProcess(), space: readProcessSpace() };
  writeFileSync(join(path, markerFile), JSON.stringify(owner), { mode: 0o600, flag: "wx" });
  const remove = (): void => {
    process.off("exit", remove);
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  };
  process.once("exit", remove);
  return { path, remove };
}

/**
 * Removes this user's run folders whose owner is provably gone: a process of this machine that does not exist, and no
 * other process has the folder in its environment, as a provider that outlived its engine has. All others stay, and links
 * are not followed.
 */
export function removeLeftFolders(parent: string, remover: Remover | null = createRemover()): void {
  if (remover === null) return;
  const left = listFolders(parent).filter((name) => isLeft(join(parent, name), remover));
  if (left.length === 0) return;
  const environments = remover.listEnvironments();
  for (const name of left) {
    // By its name, which is unique: a path may be spelled in several ways.
    if (environments === null || environments.some((text) => text.includes(name))) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // What cannot be removed now is the next run's.
    }
  }
}

/** Lists names of run folders; none where the parent may be written but not listed. */
function listFolders(parent: string): string[] {
  try {
    return readdirSync(parent).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}

function createRemover(): Remover | null {
  const user = process.getuid?.();
  if (user === undefined) return null;
  const { host } = identifyProcess();
  return { user, host, space: readProcessSpace(), listEnvironments: () => listOwnEnvironments(user) };
}

function isLeft(folder: string, { user, host, space }: Remover): boolean {
  try {
    const entry = lstatSync(folder);
    if (!entry.isDirectory() || entry.uid !== user) return false;
    const owner = readOwner(join(folder, markerFile), user);
    return owner !== null && owner.host === host && owner.space === space && !isOwnerAlive(owner);
  } catch {
    return false;
  }
}

/** Reads the marker; null where it is not this user's own file, or too long for a marker. @throws where it is unreadable. */
function readOwner(file: string, user: number): Owner | null {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const entry = fstatSync(descriptor);
    if (!entry.isFile() || entry.uid !== user || entry.size > mostMarkerBytes) return null;
    return ownerSchema.parse(JSON.parse(readFileSync(descriptor, "utf8")));
  } finally {
    closeSync(descriptor);
  }
}

/** Reads the PID namespace of this process; empty on systems without such. */
function readProcessSpace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
