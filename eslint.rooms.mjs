import { readdirSync } from "node:fs";
import { createNodeResolver, importX } from "eslint-plugin-import-x";

/** The rooms of `lib` from the ground up: a room imports itself and those before it (docs/architecture.md). */
export const rooms = [
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
const gates = readdirSync(new URL("lib/gates", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !["consent", "recording", "run", "verdict"].includes(entry.name))
  .map(({ name }) => name);

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
const processes = ["process", "timers", "timers/promises", "worker_threads", "cluster", "os"];
const networkPackages = ["ws", "undici", "mongodb", "@kubernetes/client-node", "aws4fetch", "tar"];
const impureGlobals = ["process", "fetch", "WebSocket", "setTimeout", "setInterval", "setImmediate", "performance"];
const impureProperties = [
  ["Date", "now"],
  ["Math", "random"],
];
const pure = "This code is pure: what it reads is passed in.";

const byName = {
  group: ["@palette-upgrade/*"],
  message: "The rehearsal is imported by relative path, from the command line and tests.",
};
const pulumi = {
  group: ["@pulumi/*"],
  message: "Pulumi is spoken to in index.ts, program/stack, engine, policy and the rehearsal's engine only.",
};
const restrictImports = (patterns, paths = []) => ({
  "@typescript-eslint/no-restricted-imports": ["error", { paths, patterns }],
});

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
      ...restrictImports([byName]),
    },
  },
  {
    files: ["lib/**/*.ts", "bin/**/*.ts", "packages/*/lib/**/*.ts"],
    ignores: ["lib/program/stack/**", "lib/engine/**", "lib/policy/**", "packages/rehearsal/lib/engine/**"],
    rules: restrictImports([byName, pulumi]),
  },
  {
    files: [
      "lib/planning/**/*.ts",
      "lib/report/**/*.ts",
      "lib/gates/verdict/**/*.ts",
      "lib/gates/*/judge*.ts",
      "lib/gates/mongo-replica-set/{reply,rules,text}/*.ts",
    ],
    // The loaders of data/.
    ignores: ["lib/planning/matrix/{check,load,store}.ts", "lib/planning/rules/{check-rules,rules}.ts"],
    rules: {
      ...restrictImports(
        [byName, { group: ["@pulumi/*"], message: pure }],
        [...[...outsideWorld, ...processes].flatMap((name) => [name, `node:${name}`]), ...networkPackages].map(
          (name) => ({ name, message: pure }),
        ),
      ),
      "no-restricted-globals": ["error", ...impureGlobals.map((name) => ({ name, message: pure }))],
      "no-restricted-properties": [
        "error",
        ...impureProperties.map(([object, property]) => ({ object, property, message: pure })),
      ],
    },
  },
];
