import { type Refusal } from "../base/errors/refusal.js";
import { getErrorMessage, RefusedError } from "../base/errors/errors.js";
import { redact } from "../base/text/redact.js";
import { readInstallation } from "../site/installation.js";
import { type KubernetesSite, type ObservedRelease } from "../site/types.js";
import { toGateSecrets } from "../settings/gate-settings.js";
import { listSecretTexts } from "../settings/gate-secrets.js";
import { type Settings } from "../settings/schema.js";
import { type ClusterLocation, connectStackKubernetes } from "./inspect-lock.js";
import { hideTexts, listValueTexts, type NamedText } from "./named-texts.js";

/** Redacts values that Helm or a provider may repeat in its errors, before this tool shows and stores them. */
export interface HiddenValues {
  /**
   * Loads the values that Helm stores, before anything moves; on a fresh install there are none.
   *
   * @throws RefusedError `CLUSTER_UNREACHABLE`.
   */
  loadStored(isFreshInstall: boolean): Promise<void>;
  hide(refusal: Refusal): Refusal;
}

/** Creates the redaction; the values are kept in the memory of this process only. */
export function createHiddenValues(settings: Settings, location: ClusterLocation): HiddenValues {
  const own = Object.entries(settings.values).flatMap(([role, values]) => listValueTexts(role, values));
  const spared = new Set([settings.site.rootDomain ?? "", settings.site.apiUrl ?? "", settings.helm.namespace]);
  let stored: NamedText[] = [];
  const hideText = (text: string): string =>
    redact(hideTexts(text, [...stored, ...own], spared), listSecretTexts(toGateSecrets(settings)));
  return {
    loadStored: async (isFreshInstall) => {
      if (isFreshInstall) return;
      const { names, texts } = await readStoredTexts(settings, location);
      for (const name of names) spared.add(name);
      stored = texts;
    },
    hide: ({ code, message, next }) => ({
      code,
      message: hideText(message),
      next: next === null ? null : hideText(next),
    }),
  };
}

/** Reads the texts in all stored values, and the names of their releases. */
async function readStoredTexts(
  settings: Settings,
  location: ClusterLocation,
): Promise<{ names: string[]; texts: NamedText[] }> {
  try {
    const kubernetes = connectStackKubernetes(settings.kubernetes, location);
    const installation = await readInstallation(kubernetes, settings.helm.namespace);
    if (installation.state !== "installed") throw installation.error;
    const { releases } = installation;
    const texts = await Promise.all(releases.map((release) => readReleaseTexts(kubernetes, release)));
    return { names: releases.flatMap(({ name, namespace }) => [name, namespace]), texts: texts.flat() };
  } catch (error) {
    throw new RefusedError("CLUSTER_UNREACHABLE", `What Helm keeps cannot be read: ${getErrorMessage(error)}`, {
      next: "Make it reachable, then run the same command again; nothing has moved.",
      cause: error,
    });
  }
}

async function readReleaseTexts(
  kubernetes: KubernetesSite,
  { role, deployed, newest }: ObservedRelease,
): Promise<NamedText[]> {
  const revisions = [...new Set([deployed, newest])].flatMap((revision) => revision ?? []);
  const values = await Promise.all(
    revisions.map(({ namespace, name, revision }) => kubernetes.helmValues(namespace, name, revision)),
  );
  return values.flatMap((each) => listValueTexts(role, each));
}
