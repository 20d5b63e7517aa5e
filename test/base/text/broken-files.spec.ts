import assert from "node:assert/strict";
import { join } from "node:path";
import { compileSchemaCheck } from "../../../lib/base/text/json-schema.js";
import { readJsonFile } from "../../../lib/base/text/read-json-file.js";
import { readToolVersion } from "../../../lib/base/process/tool-version.js";
import { readGateSettings } from "../../../lib/cli/gate/gate-settings-file.js";
import { checkCharts } from "../../../lib/cli/charts-command.js";
import { readExtraRows } from "../../../lib/cli/plan/plan-options.js";
import { loadMatrix } from "../../../lib/planning/matrix/load.js";
import { parseSettings } from "../../../lib/settings/settings.js";
import { readStackFile } from "../../../lib/settings/stack-file.js";
import { readChartContents } from "../../../lib/site/charts/chart-contents.js";
import { readPins } from "../../../lib/site/charts/pins.js";
import { mergeKubeconfigs } from "../../../lib/site/kubernetes/kubeconfig-file.js";
import { temporaryProject, type TemporaryProject } from "../../site/charts/fixtures.js";

const planted = "planted-secret";
const brokenYaml = `a: 1\nb: [${planted}\n`;

/** Each reader of a file, given a broken one. */
const readers: {
  title: string;
  /** Path below the project of the file that is broken. */
  file: string;
  content?: string;
  read: (dir: string, file: string) => unknown;
  /** Default: the message holds the whole path. */
  names?: string;
}[] = [
  { title: "a JSON file of a package", file: "x.json", read: (_, file) => readJsonFile(file) },
  {
    title: "a JSON file that is missing",
    file: "other/x.json",
    read: (dir) => readJsonFile(join(dir, "other/y.json")),
    names: "other/y.json",
  },
  { title: "this tool's package.json", file: "package.json", read: (dir) => readToolVersion(dir) },
  { title: "a JSON schema", file: "x.schema.json", read: (_, file) => compileSchemaCheck(file) },
  { title: "a matrix", file: "m.json", read: (_, file) => loadMatrix(file) },
  { title: "rows of --extra-row", file: "rows.json", read: (_, file) => readExtraRows([file]) },
  { title: "settings of gate --settings", file: "gate.json", read: (_, file) => readGateSettings(file) },
  { title: "pins", file: "pins.json", read: (dir) => readPins("pins.json", dir), names: "pins.json" },
  {
    title: "the stack's file, as the program reads it",
    file: "Pulumi.dev.yaml",
    read: (dir) => parseSettings({}, readStackFile(dir, "acme/palette/dev")),
  },
  {
    title: "the stack's file, as the charts command reads it",
    file: "Pulumi.dev.yaml",
    read: (dir) => checkCharts({ stack: "dev", versions: "4.7.20", chart: [] }, dir),
  },
  {
    title: "the stack's file with a list as config",
    file: "Pulumi.dev.yaml",
    content: "config: [1]\n",
    read: (dir) => checkCharts({ stack: "dev", versions: "4.7.20", chart: [] }, dir),
  },
  {
    title: "a kubeconfig",
    file: "kubeconfig",
    read: (_, file) => mergeKubeconfigs([file], false),
  },
];

const chart = "name: parent\nversion: 1.0.0\n";
const chartFaults: [title: string, files: Record<string, string>, message: RegExp][] = [
  ["Chart.yaml", { "Chart.yaml": brokenYaml }, /^its Chart\.yaml is not YAML \(line \d\)$/],
  ["Chart.yaml without a version", { "Chart.yaml": "name: x" }, /^its Chart\.yaml does not report name and version$/],
  ["values.yaml", { "Chart.yaml": chart, "values.yaml": brokenYaml }, /^its values\.yaml is not YAML \(line \d\)$/],
  ["values.yaml as a list", { "Chart.yaml": chart, "values.yaml": "[1]" }, /^its values\.yaml is no map$/],
  ["the schema", { "Chart.yaml": chart, "values.schema.json": "{" }, /^its values\.schema\.json is not JSON$/],
  [
    "the values of a sub-chart",
    { "Chart.yaml": chart, "charts/ui/Chart.yaml": "name: ui\nversion: 1.0.0\n", "charts/ui/values.yaml": brokenYaml },
    /^its charts\/ui\/values\.yaml is not YAML \(line \d\)$/,
  ],
  [
    "the Chart.yaml of a sub-chart's sub-chart",
    {
      "Chart.yaml": chart,
      "charts/ui/Chart.yaml": "name: ui\nversion: 1.0.0\n",
      "charts/ui/charts/db/Chart.yaml": brokenYaml,
    },
    /^its charts\/ui\/charts\/db\/Chart\.yaml is not YAML \(line \d\)$/,
  ],
];

describe("an error about a file names the file and repeats nothing of a YAML file", () => {
  let project: TemporaryProject;
  beforeEach(() => (project = temporaryProject()));
  afterEach(() => project.remove());

  for (const { title, file, content, read, names } of readers) {
    it(title, async () => {
      const path = join(project.dir, file);
      project.put(file, content ?? brokenYaml);
      await assert.rejects(
        () => Promise.resolve().then(() => read(project.dir, path)),
        ({ message }: Error) => {
          assert.ok(message.includes(names ?? path), message);
          if (content === undefined && !file.endsWith(".json")) assert.ok(!message.includes(planted), message);
          return true;
        },
      );
    });
  }

  for (const [title, files, message] of chartFaults) {
    it(`in a chart, ${title}`, () =>
      assert.rejects(
        readChartContents(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))),
        { message },
      ));
  }
});
