import { type GateRule } from "./verdict/rule.js";

/** Rules for charts of the next version that cannot be read: a gate that needs them cannot judge. */
const chartRules: readonly GateRule[] = [
  {
    code: "CHART_MISSING",
    outcome: "unknown",
    meaning: "a chart of the next version is not where palette:charts leads",
  },
  { code: "CHART_AMBIGUOUS", outcome: "unknown", meaning: "several charts fit where one belongs" },
  { code: "CHART_WRONG", outcome: "unknown", meaning: "the chart found is another one than expected" },
  { code: "CHART_UNREADABLE", outcome: "unknown", meaning: "the chart found is no whole Helm chart" },
  { code: "CHART_CHECKSUM", outcome: "unknown", meaning: "the chart found is not the pinned one" },
  { code: "CHART_NOT_PINNED", outcome: "unknown", meaning: "charts are pinned, and this one is not" },
  { code: "CHART_PINS", outcome: "unknown", meaning: "the file of pins cannot be read" },
  { code: "ARCHIVE_UNREADABLE", outcome: "unknown", meaning: "the vendor's archive is cut short" },
  { code: "CHARTS_LOCATION", outcome: "unknown", meaning: "palette:charts cannot be used" },
  {
    code: "CHARTS_UNTRUSTED",
    outcome: "unknown",
    meaning: "the chart registry's certificate is not trusted (palette:chartsCaFile)",
  },
  { code: "CHARTS_INVALID", outcome: "unknown", meaning: "what answers is no registry, or holds no chart there" },
  {
    code: "REGISTRY_CREDENTIALS",
    outcome: "unknown",
    meaning: "Docker's or Helm's file of credentials cannot be used",
  },
  { code: "PROXY_INVALID", outcome: "unknown", meaning: "HTTPS_PROXY or HTTP_PROXY names no usable proxy" },
  { code: "CHARTS_DENIED", outcome: "unknown", meaning: "the chart registry does not let us in" },
  {
    code: "CHARTS_UNREACHABLE",
    outcome: "unknown",
    meaning: "the chart registry does not answer; asked again until the deadline",
  },
  { code: "CA_FILE_UNREADABLE", outcome: "unknown", meaning: "the file of a private CA cannot be read" },
];

/** Rules of the gates that read the next version's charts. */
export const chartGateRules = {
  values: [
    {
      code: "STALE_IMAGE_PIN",
      outcome: "fail",
      meaning: "a stored image of the old chart, where the next brings another",
    },
    {
      code: "DEAD_KEY",
      outcome: "fail",
      meaning: "a stored key the next chart no longer knows; a NOTE where it is only ignored",
    },
    { code: "LOST_KEY", outcome: "fail", meaning: "a setting of the site's own that the next chart would drop" },
    { code: "REQUIRED_KEY", outcome: "fail", meaning: "the next chart requires a key that nobody sets" },
    { code: "OVERRIDE_DEAD", outcome: "fail", meaning: "palette:values sets a key the next chart no longer knows" },
    {
      code: "OVERRIDE_CONTRADICTS",
      outcome: "fail",
      meaning: "palette:values sets a leaf where the next chart has a map",
    },
    ...chartRules,
  ],
  images: [
    {
      code: "IMAGE_MISSING",
      outcome: "fail",
      meaning: "an image of the next version is not in the installation's registry",
    },
    { code: "NO_IMAGES", outcome: "unknown", meaning: "the next version's charts name no image at all" },
    { code: "REGISTRY_UNKNOWN", outcome: "unknown", meaning: "the registry is named where gates cannot see it" },
    { code: "RENDER_FAILED", outcome: "unknown", meaning: "the charts cannot be rendered with the stored values" },
    { code: "HELM_MISSING", outcome: "unknown", meaning: "no helm is on PATH to render the charts with" },
    { code: "HELM_OLD", outcome: "fail", meaning: "the helm on PATH is older than 3.14" },
    ...chartRules,
  ],
} satisfies Record<string, readonly GateRule[]>;
