import { createNodeResolver, importX } from "eslint-plugin-import-x";

/** The rooms of `lib` from the ground up: a room imports itself and those before it (docs/architecture.md). */
const rooms = [
  "base",
  "planning",
  "settings",
  "report",
  "site",
  "engine",
  "gates",
  "journal",
  "program",
  ["acts", "driver", "policy"],
  "cli",
];

/** Gates that judge another gate's evidence; all others share through `verdict` or `site`. */
const gateImports = {
  "pcg-catch-up": ["pcg-readiness", "rollout"],
  "mongo-fcv": ["mongo-replica-set"],
  "pcg-readiness": ["rollout"],
  "ingress-exposure": ["ingress"],
};
const gates = [
  "backup",
  "cluster-identity",
  "helm-release",
  "images",
  "ingress",
  "ingress-exposure",
  "kubernetes-version",
  "mongo-fcv",
  "mongo-replica-set",
  "own-check",
  "pcg-catch-up",
  "pcg-readiness",
  "promotion",
  "rollout",
  "values",
  "window",
];

const folder = (room) => `./lib/${room}`;

function listOrderZones() {
  const floors = rooms.map((floor) => [floor].flat());
  const zones = floors.flatMap((floor, height) =>
    floor.map((room) => ({
      target: folder(room),
      from: [...floors.slice(height + 1).flat(), ...floor.filter((other) => other !== room)].map(folder),
      message: `A room imports only itself and those before it: ${floors.flat().join(" · ")} (docs/architecture.md).`,
    })),
  );
  return zones.filter(({ from }) => from.length > 0);
}

function listGateZones() {
  return gates.map((gate) => ({
    target: `./lib/gates/${gate}`,
    from: gates
      .filter((other) => other !== gate && !(gateImports[gate] ?? []).includes(other))
      .map((other) => `./lib/gates/${other}`),
    message:
      "A gate imports another gate only where it judges that gate's evidence; else share through gates/verdict or site.",
  }));
}

const rehearsalZones = [
  ...rooms
    .flat()
    .filter((room) => room !== "cli")
    .map(folder),
  "./index.ts",
  "./bin",
].map((target) => ({
  target,
  from: "./packages",
  message: "Only the command line and tests import the rehearsal.",
}));

const productZones = [
  { target: "./packages", from: "./lib/cli", message: "The rehearsal knows nothing of the command line." },
];

const outsideWorld = ["fs", "fs/promises", "child_process", "http", "https", "http2", "net", "tls", "dns", "dgram"];
const networkPackages = ["ws", "undici", "mongodb", "@kubernetes/client-node", "aws4fetch", "tar"];

export default [
  {
    files: ["**/*.ts"],
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [createNodeResolver({ extensionAlias: { ".js": [".ts", ".js"] } })],
      "import-x/extensions": [".ts"],
    },
    rules: {
      "import-x/no-restricted-paths": [
        "error",
        { zones: [...listOrderZones(), ...listGateZones(), ...rehearsalZones, ...productZones] },
      ],
      "import-x/no-cycle": ["error", { ignoreExternal: true }],
    },
  },
  {
    files: ["lib/**/*.ts", "bin/**/*.ts", "packages/*/lib/**/*.ts"],
    ignores: ["lib/program/stack/**", "lib/engine/**", "lib/policy/**", "packages/rehearsal/lib/engine/**"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["@pulumi/*"],
              message: "Pulumi is spoken to in program/stack, engine, policy and the rehearsal's engine only.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["lib/planning/**/*.ts", "lib/report/**/*.ts", "lib/gates/verdict/**/*.ts", "lib/gates/*/judge*.ts"],
    // The loaders of data/.
    ignores: ["lib/planning/matrix/{check,load,store}.ts", "lib/planning/rules/{check-rules,rules}.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          paths: [...outsideWorld.flatMap((name) => [name, `node:${name}`]), ...networkPackages].map((name) => ({
            name,
            message: "This code is pure: what it reads is passed in.",
          })),
          patterns: [{ group: ["@pulumi/*"], message: "This code is pure." }],
        },
      ],
    },
  },
];
