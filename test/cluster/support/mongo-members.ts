import { dirname } from "node:path";
import { startWireSet, type WireSet } from "../../fixtures/mongo/wire/replica-set.js";
import { findMongosh } from "../../support/real-mongosh.js";
import { type ExecTarget } from "./kwok-config.js";
import { plantedPassword } from "./stand-in-palette.js";

/** Stand-ins of MongoDB's members, and the containers in which the real shell reaches them. */
export interface MongoMembers {
  set: WireSet;
  targets: ExecTarget[];
}

const port = 27017;

/** Three members on loopback addresses of their own, as their pods' host names; why not, where there is no shell. */
export async function mongoMembers(): Promise<MongoMembers | { missing: string }> {
  const shell = findMongosh();
  if ("missing" in shell) return shell;
  const set = await startWireSet({ port, password: plantedPassword });
  const targets = set.members.map(({ host }, ordinal) => ({
    namespace: "hubble-system",
    pod: `mongo-${ordinal}`,
    container: "mongo",
    environment: {
      PATH: `${shell.folder}:${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: "/",
      HOSTNAME: host,
      MONGO_INITDB_ROOT_USERNAME: set.user,
      MONGO_INITDB_ROOT_PASSWORD: set.password,
    },
  }));
  return { set, targets };
}
