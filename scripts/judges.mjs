import { readdirSync } from "node:fs";

/** The pure judges that `npm run mutation` mutates, each with the specs that are to notice; longer suites are left out. */
export const judges = {
  // The quick tables stand first: most mutants end there.
  "mongo-lag": {
    mutate: ["rules/lag"].map(mongo),
    specs: ["rules/lag", "rules/corners", "gate", "judge"].map(mongoSpec),
  },
  "mongo-headroom": {
    mutate: ["rules/headroom", "rules/time"].map(mongo),
    specs: ["rules/headroom", "gate", "rules/lag", "judge"].map(mongoSpec),
  },
  "mongo-set": {
    mutate: ["rules/set"].map(mongo),
    specs: ["rules/corners", "rules/command-errors", "gate", "judge"].map(mongoSpec),
  },
  "mongo-member": {
    mutate: ["rules/member", "finding", "rules/context"].map(mongo),
    specs: ["rules/corners", "findings", "gate", "judge"].map(mongoSpec),
  },
  "mongo-optimes": {
    mutate: ["rules/agreement", "rules/optimes", "rules/votes"].map(mongo),
    specs: ["rules/neighbours", "rules/corners", "findings", "gate", "judge"].map(mongoSpec),
  },
  "mongo-live": {
    mutate: ["judge-live", "judge", "rules/surroundings"].map(mongo),
    specs: ["gate", "live-corners", "rules/external", "rules/corners", "rules/headroom", "judge"].map(mongoSpec),
  },
  "mongo-external": { mutate: ["rules/external"].map(mongo), specs: ["rules/external"].map(mongoSpec) },
  "mongo-fcv": {
    mutate: ["judge", "requirement"].map((file) => `lib/gates/mongo-fcv/${file}.ts`),
    specs: [...specsOf("test/gates/mongo-fcv"), mongoSpec("rules/external")],
  },
  "helm-release": judge("helm-release", ["judge", "stuck"]),
  rollout: judge("rollout", ["judge", "pods"]),
  "kubernetes-version": judge("kubernetes-version", ["judge"]),
  ingress: judge("ingress", ["judge"]),
  "ingress-exposure": judge("ingress-exposure", ["judge", "equivalents"]),
  "pcg-readiness": judge("pcg-readiness", ["judge", "judge-cluster", "health", "coverage"]),
  "pcg-catch-up": judge("pcg-catch-up", ["judge", "clock", "agent", "agent-images", "profile", "completion"]),
  window: judge("window", ["judge", "openings"]),
  backup: judge("backup", ["judge", "record"]),
  values: judge("values", ["judge", "required-keys", "image-pins"]),
};

function judge(gate, files) {
  return { mutate: files.map((file) => `lib/gates/${gate}/${file}.ts`), specs: specsOf(`test/gates/${gate}`) };
}

function specsOf(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".spec.ts"))
    .map((name) => `${folder}/${name}`);
}

function mongo(file) {
  return `lib/gates/mongo-replica-set/${file}.ts`;
}

function mongoSpec(file) {
  return `test/gates/mongo-replica-set/${file}.spec.ts`;
}
