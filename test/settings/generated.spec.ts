import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { compileSchemaCheck } from "../../lib/base/text/json-schema.js";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { getKeySchema, type KeySchema } from "../../lib/settings/known-keys.js";
import { parseSettings, type RawConfig } from "../../lib/settings/settings.js";

const root = findPackageRoot();
const shipped = ["Pulumi.dev.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml"];
const readYaml = (file: string): unknown => parse(readFileSync(join(root, file), "utf8"));

/** The keys of a stack file as the engine passes them. */
function toRawConfig(config: Record<string, unknown>): RawConfig {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

describe("the schema of stack files", () => {
  const check = compileSchemaCheck(join(root, "data/schemas/stack.schema.json"));
  const good = `config:
  palette:target: "4.7.20"
  palette:matrix: palette-kubernetes-4.7.20
  palette:clusterIdentifier: palette-dev
`;

  for (const file of shipped) {
    it(`refuses ${file} as shipped, and so does the program, by the name of each key`, () => {
      const content = readYaml(file) as { config: Record<string, unknown> };
      assert.deepEqual(check(content), ["/config/palette:pcg/none: must be boolean"]);
      assert.throws(() => parseSettings(toRawConfig(content.config), null), {
        code: "SETTINGS_INVALID",
        message: [
          "The stack's configuration is not valid:",
          "  - palette:site.rootDomain: not filled in yet (found FILL); what belongs there: The domain Palette is reached by, for the proof of its ingress.",
          "  - palette:site.apiUrl: not filled in yet (found FILL); what belongs there: Address of the Palette API, for example https://palette.example.com.",
          "  - palette:pcg.none: not filled in yet (found FILL); write true where no tenant has a Private Cloud Gateway; else remove the key and list each tenant with its gateways in palette:tenants.",
        ].join("\n"),
      });
    });

    it(`takes ${file} filled in, and so does the program`, () => {
      const { config } = readYaml(file) as { config: Record<string, unknown> };
      const site = { rootDomain: "palette.example.com", apiUrl: "https://palette.example.com" };
      const filled = { ...config, "palette:site": site, "palette:pcg": { none: true } };
      assert.deepEqual(check({ config: filled }), []);
      assert.equal(parseSettings(toRawConfig(filled), null).target, config["palette:target"]);
    });
  }

  it("takes secrets as pulumi config set --secret writes them, and keys of others", () => {
    const text = `${good}  aws:region: eu-central-1
  palette:mongo: { maxLag: 15s, deadline: 1h30m, external: true }
  palette:values: { hubble: { mongo: { databasePassword: { secure: v1:x } } } }
  palette:secrets: { apiKeys: { acme: { secure: v1:x } }, mongoUri: { secure: v1:x } }
encryptionsalt: v1:abc
`;
    assert.deepEqual(check(parse(text)), []);
  });

  const wrong: [title: string, more: string, fault: string][] = [
    [
      "a key that is not known",
      "palette:mongo: { maxlag: 15s }",
      "/config/palette:mongo: must NOT have additional properties",
    ],
    ["a key of the flat form", "palette:mongoMaxLagSeconds: 10", "/config: must NOT have additional properties"],
    ["a duration without a unit", "palette:mongo: { maxLag: 15 }", "/config/palette:mongo/maxLag: must be string"],
    [
      "a text that is no duration",
      "palette:pcg: { interval: 1.5h }",
      "/config/palette:pcg/interval: must match pattern",
    ],
    ["a secret in clear", "palette:secrets: { mongoUri: x }", "/config/palette:secrets/mongoUri: must be object"],
    [
      "an API key in clear",
      "palette:secrets: { apiKeys: { a: x } }",
      "/config/palette:secrets/apiKeys/a: must be object",
    ],
    ["an unquoted version", "palette:route: { via: [4.6] }", "/config/palette:route/via/0: must be string"],
    ["a word for a truth", "palette:install: yes please", "/config/palette:install: must be boolean"],
    ["no sample", "palette:rollout: { samples: 0 }", "/config/palette:rollout/samples: must be >= 1"],
  ];
  for (const [title, more, fault] of wrong) {
    it(`refuses ${title}`, () => {
      const [found, ...others] = check(parse(`${good}  ${more}\n`));
      assert.ok(found?.startsWith(fault), found);
      assert.deepEqual(others, []);
    });
  }

  it("refuses a file without a key that is needed", () => {
    assert.deepEqual(check(parse(good.replace(/.*palette:matrix.*\n/, ""))), [
      "/config: must have required property 'palette:matrix'",
    ]);
  });
});

describe("Pulumi.yaml", () => {
  const project = readYaml("Pulumi.yaml") as {
    config: Record<string, { type: string; default?: unknown; description: string }>;
  };
  const required = { target: "4.7.20", matrix: "m", clusterIdentifier: "c" };

  it("has a default for every key that is not needed, and the program reads it as if the key were left out", () => {
    const defaults = Object.entries(project.config).filter(([, { default: byDefault }]) => byDefault !== undefined);
    const given = Object.fromEntries(defaults.map(([key, row]) => [`palette:${key}`, row.default]));
    assert.deepEqual(
      Object.keys(project.config).filter((key) => given[`palette:${key}`] === undefined),
      Object.keys(required),
    );
    const least = Object.fromEntries(Object.entries(required).map(([key, value]) => [`palette:${key}`, value]));
    assert.deepEqual(
      parseSettings(toRawConfig({ ...given, ...least }), null),
      parseSettings(least, null),
      stringify(given),
    );
  });

  it("describes every key, and every key below it", () => {
    const undescribed = (schema: KeySchema, path: string): string[] => [
      ...((schema.description ?? "").length > 10 ? [] : [path]),
      ...Object.entries({ ...schema.properties, ...schema.items?.properties }).flatMap(([key, part]) =>
        undescribed(part, `${path}.${key}`),
      ),
    ];
    const keys = Object.entries(getKeySchema().properties ?? {});
    assert.deepEqual(
      keys.flatMap(([key, schema]) => undescribed(schema, key)),
      [],
    );
    for (const [key, { properties = {} }] of keys) {
      for (const below of Object.keys(properties)) {
        assert.match(project.config[key]!.description, new RegExp(`^- ${below}\\b.*: `, "m"));
      }
    }
  });
});
