import { messageOf, RefusedError } from "../errors.js";
import { redact } from "../gates/redact.js";
import { observeInstallation } from "../site/observe.js";
import { type KubernetesSite, type ObservedRelease } from "../site/types.js";
import { gateSecretsOf } from "../stack/gate-environment.js";
import { secretTexts } from "../stack/gate-secrets.js";
import { type Settings } from "../stack/settings-schema.js";
import { hideTexts, textsOfValues, type NamedText } from "./named-texts.js";
import { kubernetesOf, type Place } from "./stack-kubernetes.js";
import { type Refusal } from "./up-result.js";

/** What Helm or a provider may repeat in its errors, which this tool shows and keeps. */
export interface HiddenValues {
  /** Learns the values that Helm keeps, before anything moves; `fresh`: nothing is installed yet. @throws RefusedError `CLUSTER_UNREACHABLE`. */
  learn(fresh: boolean): Promise<void>;
  hide(refusal: Refusal): Refusal;
}

/** Kept in this process only, and no longer than it lives. */
export function hiddenValues(settings: Settings, place: Place): HiddenValues {
  const own = Object.entries(settings.values).flatMap(([role, values]) => textsOfValues(role, values));
  const spared = new Set([settings.rootDomain, settings.apiUrl, settings.releaseNamespace]);
  let stored: NamedText[] = [];
  const hide = (text: string): string =>
    redact(hideTexts(text, [...stored, ...own], spared), secretTexts(gateSecretsOf(settings)));
  return {
    learn: async (fresh) => {
      if (fresh) return;
      const { names, texts } = await readStored(settings, place);
      for (const name of names) spared.add(name);
      stored = texts;
    },
    hide: ({ code, message, next }) => ({ code, message: hide(message), next: next === null ? null : hide(next) }),
  };
}

/** The texts among all stored values, and the names of the releases that hold them. */
async function readStored(settings: Settings, place: Place): Promise<{ names: string[]; texts: NamedText[] }> {
  try {
    const { releaseNamespace, edition } = settings;
    const kubernetes = kubernetesOf(settings, place);
    const { releases } = await observeInstallation(kubernetes, { releaseNamespace, edition });
    const texts = await Promise.all(releases.map((release) => textsOf(kubernetes, release)));
    return { names: releases.flatMap(({ name, namespace }) => [name, namespace]), texts: texts.flat() };
  } catch (error) {
    throw new RefusedError("CLUSTER_UNREACHABLE", `What Helm keeps cannot be read: ${messageOf(error)}`, {
      next: "Make it reachable, then run the same command again; nothing has moved.",
      cause: error,
    });
  }
}

async function textsOf(kubernetes: KubernetesSite, { role, deployed, newest }: ObservedRelease): Promise<NamedText[]> {
  const revisions = [...new Set([deployed, newest])].flatMap((revision) => revision ?? []);
  const values = await Promise.all(
    revisions.map(({ namespace, name, revision }) => kubernetes.helmValues(namespace, name, revision)),
  );
  return values.flatMap((each) => textsOfValues(role, each));
}
