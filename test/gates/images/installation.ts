import type { Renderer, RenderRequest } from "../../../lib/gates/images/render.js";
import type { Site } from "../../../lib/site/types.js";
import { arrived, fakeSite } from "../fake-site.js";

/** An installation of 4.6.41 with these stored values, and a place that has every chart. */
export function installationWith(values: Record<string, unknown>): Site {
  const site = fakeSite({ revisions: arrived("4.5.23", "4.6.41") });
  return {
    ...site,
    kubernetes: { ...site.kubernetes, helmValues: () => Promise.resolve(values) },
    charts: () => ({
      find: (version, { role }) =>
        Promise.resolve({ path: `charts/${version}/${role}`, version: "1", sha256: "s", archiveValues: {} }),
      getDefaults: () => Promise.reject(new Error("not asked for")),
      getContents: () => Promise.reject(new Error("not asked for")),
    }),
  };
}

/** A manifest whose pods run an image. */
export function pod(image: string): string {
  return `kind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{image: "${image}"}]}}}\n---\n`;
}

/** Renders every chart to the same manifests, and keeps what it was asked. */
export function rendererOf(manifests: string): Renderer & { asked: RenderRequest[] } {
  const asked: RenderRequest[] = [];
  return {
    asked,
    check: () => Promise.resolve("3.20.0"),
    render: (request) => {
      asked.push(request);
      return Promise.resolve(manifests);
    },
  };
}
