import type { ReleaseValues } from "../../../lib/gates/values/judge.js";
import type { ChartParts } from "../../../lib/gates/values/known-keys.js";

type Values = Record<string, unknown>;

/** A chart whose templates say `text`. */
export function chart(defaults: Values = {}, text = "", schema: Values | null = null): ChartParts {
  return { defaults, schema, templates: text === "" ? [] : [{ path: "templates/a.yaml", below: "", text }] };
}

/** What a row says of stored values between two charts. */
export type Row = [title: string, change: Partial<ReleaseValues>, expected: string[]];

const swap = (tag: string, registry = "us-docker.pkg.dev/palette-images"): Values => ({
  config: { image: `${registry}/image-swap:${tag}` },
});

/** Legend: each rule with its negative twins below it. */
export const rows: Row[] = [
  ["nothing stored", {}, []],
  [
    "what both charts know",
    { stored: { a: { b: 9 } }, oldChart: chart({ a: { b: 1 } }), newChart: chart({ a: { b: 1 } }) },
    [],
  ],

  [
    "a repeated old default that is gone",
    { stored: { a: { b: 1 } }, oldChart: chart({ a: { b: 1 } }), newChart: chart({ a: {}, c: 1 }) },
    [],
  ],
  [
    "… below a map that is still there and no longer empty",
    { stored: { a: { b: 1 } }, oldChart: chart({ a: { b: 1, c: 1 } }), newChart: chart({ a: { c: 1 } }) },
    ["fail DEAD_KEY a.b"],
  ],
  [
    "a setting of the site's own that is gone",
    { stored: { a: { b: 2 } }, oldChart: chart({ a: { b: 1, c: 1 } }), newChart: chart({ a: { c: 1 } }) },
    ["fail LOST_KEY a.b"],
  ],
  [
    "… but the new templates read it",
    {
      stored: { a: { b: 2 } },
      oldChart: chart({ a: { b: 1, c: 1 } }),
      newChart: chart({ a: { c: 1 } }, "{{ .Values.a.b }}"),
    },
    [],
  ],
  [
    "… a longer name in the templates is another key",
    {
      stored: { a: { b: 2 } },
      oldChart: chart({ a: { b: 1, c: 1 } }),
      newChart: chart({ a: { c: 1 } }, "{{ .Values.a.bc }}"),
    },
    ["fail LOST_KEY a.b"],
  ],
  [
    "… but the new templates index it",
    {
      stored: { "ui-system": { b: 2 } },
      oldChart: chart({ "ui-system": { b: 1 } }),
      newChart: chart({ c: 1 }, '{{ index .Values "ui-system" "b" }}'),
    },
    [],
  ],
  [
    "… but the new schema has it",
    {
      stored: { a: { b: 2 } },
      oldChart: chart({ a: { b: 1, c: 1 } }),
      newChart: chart({ a: { c: 1 } }, "", { properties: { a: { properties: { b: {} } } } }),
    },
    [],
  ],
  [
    "… a schema that lists other keys does not have it",
    {
      stored: { a: { b: 2 } },
      oldChart: chart({ a: { b: 1, c: 1 } }),
      newChart: chart({ a: { c: 1 } }, "", { properties: { a: { properties: { c: {} } } } }),
    },
    ["fail LOST_KEY a.b"],
  ],
  [
    "a key that neither chart has is not gone",
    { stored: { a: { b: 2 } }, oldChart: chart({ a: { c: 1 } }), newChart: chart({ a: { c: 1 } }) },
    [],
  ],
  [
    "annotations below an empty map are free",
    {
      stored: { a: { annotations: { "x.y/z": "1" } } },
      oldChart: chart({ a: { annotations: {} } }),
      newChart: chart({ a: { annotations: {} } }),
    },
    [],
  ],
  [
    "a value where the new chart has a map",
    { stored: { a: "x" }, oldChart: chart({ a: "y" }), newChart: chart({ a: { b: 1 } }) },
    ["fail LOST_KEY a"],
  ],
  [
    "a map where the new chart has a value",
    { stored: { a: { b: 2 } }, oldChart: chart({ a: { b: 1 } }), newChart: chart({ a: "x" }) },
    ["fail LOST_KEY a.b"],
  ],
  [
    "… that was so before is no news",
    { stored: { a: "x" }, oldChart: chart({ a: { b: 1 } }), newChart: chart({ a: { b: 1 } }) },
    [],
  ],

  [
    "an image that repeats the old default",
    { stored: swap("v1.5.2"), oldChart: chart(swap("v1.5.2")), newChart: chart(swap("v1.5.3")) },
    ["fail STALE_IMAGE_PIN config.image"],
  ],
  [
    "an image of a registry of one's own, in an older version",
    {
      stored: swap("v1.5.2-spectro-4.1.1", "harbor.local/base"),
      oldChart: chart(swap("v1.5.2-spectro-4.1.1")),
      newChart: chart(swap("v1.5.3-spectro-4.9.0")),
    },
    ["fail STALE_IMAGE_PIN config.image"],
  ],
  [
    "… in the version of the next chart",
    { stored: swap("v1.5.3", "harbor.local/base"), oldChart: chart(swap("v1.5.2")), newChart: chart(swap("v1.5.3")) },
    [],
  ],
  [
    "… which the stack sets itself",
    {
      stored: swap("v1.5.2"),
      oldChart: chart(swap("v1.5.2")),
      newChart: chart(swap("v1.5.3")),
      overridden: ["config.image"],
    },
    [],
  ],
  [
    "an image whose default has not changed",
    { stored: swap("v1.5.2"), oldChart: chart(swap("v1.5.2")), newChart: chart(swap("v1.5.2")) },
    [],
  ],
  [
    "another image than the chart's is the site's own choice",
    {
      stored: { image: "harbor.local/own/thing:v1" },
      oldChart: chart({ image: "a/b:v1" }),
      newChart: chart({ image: "a/b:v2" }),
    },
    [],
  ],
  [
    "a tag that is older",
    {
      stored: { web: { tag: "4.6.41" } },
      oldChart: chart({ web: { tag: "4.6.40" } }),
      newChart: chart({ web: { tag: "4.7.20" } }),
    },
    ["fail STALE_IMAGE_PIN web.tag"],
  ],
  [
    "a tag that is newer is the site's own choice",
    {
      stored: { web: { tag: "4.7.21" } },
      oldChart: chart({ web: { tag: "4.6.40" } }),
      newChart: chart({ web: { tag: "4.7.20" } }),
    },
    [],
  ],
  [
    "a registry that repeats the old default",
    {
      stored: { registry: "gcr.io/x" },
      oldChart: chart({ registry: "gcr.io/x" }),
      newChart: chart({ registry: "us-docker.pkg.dev/x" }),
    },
    ["fail STALE_IMAGE_PIN registry"],
  ],
  [
    "a registry of one's own",
    {
      stored: { registry: "harbor.local" },
      oldChart: chart({ registry: "gcr.io/x" }),
      newChart: chart({ registry: "us-docker.pkg.dev/x" }),
    },
    [],
  ],
  [
    "another default that changed is only told",
    {
      stored: { url: "mongo-0.mongo" },
      oldChart: chart({ url: "mongo-0.mongo" }),
      newChart: chart({ url: "mongo-0.mongo.svc" }),
    },
    ["pass NOTE null"],
  ],

  [
    "a key that templates newly require",
    { newChart: chart({}, '{{ required "say which" .Values.a.b }}') },
    ["fail REQUIRED_KEY a.b"],
  ],
  [
    "… by pipe",
    { newChart: chart({ a: { b: "" } }, '{{ .Values.a.b | required "say which" }}') },
    ["fail REQUIRED_KEY a.b"],
  ],
  [
    "… that was required before",
    { oldChart: chart({}, '{{ required "x" .Values.a.b }}'), newChart: chart({}, '{{ required "x" .Values.a.b }}') },
    [],
  ],
  ["… that is stored", { stored: { a: { b: "x" } }, newChart: chart({}, '{{ required "x" .Values.a.b }}') }, []],
  ["… that has a default", { newChart: chart({ a: { b: "x" } }, '{{ required "x" .Values.a.b }}') }, []],
  ["… that the stack sets", { newChart: chart({}, '{{ required "x" .Values.a.b }}'), overridden: ["a.b"] }, []],
  [
    "a key that the schema newly requires",
    { newChart: chart({ a: {} }, "", { properties: { a: { required: ["b"], properties: { b: {} } } } }) },
    ["fail REQUIRED_KEY a.b"],
  ],
  ["… of a map that nobody has", { newChart: chart({}, "", { properties: { a: { required: ["b"] } } }) }, []],

  [
    "an override of a key that is gone",
    { overridden: ["a.b"], oldChart: chart({ a: { b: 1, c: 1 } }), newChart: chart({ a: { c: 1 } }) },
    ["fail OVERRIDE_DEAD a.b"],
  ],
  [
    "an override of a key that is there",
    { overridden: ["a.c"], oldChart: chart({ a: { b: 1, c: 1 } }), newChart: chart({ a: { c: 1 } }) },
    [],
  ],
  [
    "an override where the new chart has a map",
    { overridden: ["a"], oldChart: chart({ a: 1 }), newChart: chart({ a: { c: 1 } }) },
    ["fail OVERRIDE_CONTRADICTS a"],
  ],
  [
    "an override below a value",
    { overridden: ["a.c"], oldChart: chart({ a: 1 }), newChart: chart({ a: 1 }) },
    ["fail OVERRIDE_CONTRADICTS a.c"],
  ],

  ["ingress.type before 4.9.14", { stored: { ingress: { type: "traefik" } }, to: "4.9.8" }, []],
  [
    "ingress.type from 4.9.14 is only told",
    { stored: { ingress: { type: "traefik" } }, to: "4.9.14" },
    ["pass NOTE ingress.type"],
  ],
  [
    "ingress.ingress.internal from 4.9.14 blocks",
    { stored: { ingress: { ingress: { internal: true } } }, to: "4.9.14" },
    ["fail DEAD_KEY ingress.ingress.internal"],
  ],
  ["nats.* at 4.6.12", { stored: { nats: { enabled: true } }, to: "4.6.12" }, ["pass NOTE nats.enabled"]],
  ["nats.* before", { stored: { nats: { enabled: true } }, to: "4.6.9" }, []],
  ["a key that only begins alike", { stored: { natsBox: 1 }, to: "4.7.20" }, []],
  [
    "ingress.ingress.internal of another release",
    { role: "image-swap", stored: { ingress: { ingress: { internal: true } } }, to: "4.9.14" },
    [],
  ],
  [
    "an override of ingress.ingress.internal",
    { overridden: ["ingress.ingress.internal"], to: "4.9.14" },
    ["fail OVERRIDE_DEAD ingress.ingress.internal"],
  ],
];
