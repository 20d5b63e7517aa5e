import type { ReleaseValues } from "../../../lib/gates/values/judge.js";
import { chart, type Row } from "./rows.js";

const controllerImage = "r.example/palette/controller:v1.11.0";

/** cert-manager's stored image, of which neither chart says anything. */
const keptImage: Partial<ReleaseValues> = {
  role: "cert-manager",
  name: "cert-manager",
  stored: { image: { controllerImage } },
  oldVersion: "1.11.0",
  newVersion: "1.14.4",
  absentFile: "extras/cert-manager/values.yaml",
};

/** Rows about the vendor's values file: where it is absent, where it replaces what is stored, and added releases. */
export const vendorFileRows: Row[] = [
  ...(
    [
      ["an image that is kept for want of the vendor's file", {}, ["fail STALE_IMAGE_PIN image.controllerImage"]],
      ["… a tag", { stored: { image: { tag: "v1.11.0" } } }, ["fail STALE_IMAGE_PIN image.tag"]],
      ["… a repository names no version", { stored: { image: { repository: "r.example/controller" } } }, []],
      ["… any other key", { stored: { replicas: 3 } }, []],
      ["… the same chart again", { oldVersion: "1.14.4", newVersion: "1.14.4" }, []],
      ["… the next chart brings the same image", { newChart: chart({ image: { controllerImage } }) }, []],
      ["… the stack sets it", { overridden: ["image.controllerImage"] }, []],
      ["… the vendor's file is there, so nothing stored is kept", { archive: { image: {} }, absentFile: null }, []],
      ["… the values are the site's by the vendor's rule", { absentFile: null }, []],
    ] satisfies Row[]
  ).map(([title, change, expected]): Row => [title, { ...keptImage, ...change }, expected]),
  [
    "a required key that the vendor's values set",
    { archive: { a: { b: 1 } }, newChart: chart({}, '{{ required "b" .Values.a.b }}') },
    [],
  ],
  [
    "… that only the stored values set, which the vendor's replace",
    { archive: { c: 1 }, stored: { a: { b: 1 } }, newChart: chart({}, '{{ required "b" .Values.a.b }}') },
    ["fail REQUIRED_KEY a.b"],
  ],
  [
    "a release that the hop adds: a required key",
    { oldChart: null, oldVersion: null, newChart: chart({}, '{{ required "b" .Values.a.b }}') },
    ["fail REQUIRED_KEY a.b"],
  ],
  [
    "… the stack sets it",
    {
      oldChart: null,
      oldVersion: null,
      newChart: chart({}, '{{ required "b" .Values.a.b }}'),
      overridden: ["a.b"],
    },
    [],
  ],
];
