import assert from "node:assert/strict";
import { renderHtml } from "../../lib/report/html.js";
import { renderMermaid } from "../../lib/report/mermaid.js";
import { refusedPlan, routePlan } from "./hand-built.js";

describe("report: Mermaid", () => {
  it("a route is a chain of its hops, with what cannot be undone on the arrow", () => {
    const lines = renderMermaid(routePlan(["4.7.27", "4.8.8", "4.8.22"])).split("\n");
    assert.deepEqual(lines.slice(0, 6), [
      "flowchart LR",
      '  v4_7_27["4.7.27<br>installed"]',
      '  v4_8_8["4.8.8"]',
      '  v4_7_27 -->|"minor<br>fcv-raise (irreversible)"| v4_8_8',
      '  v4_8_22["4.8.22<br>target"]',
      '  v4_8_8 -->|"patch"| v4_8_22',
    ]);
  });

  it("a refusal crosses the way to the target and shows from where there is one", () => {
    const text = renderMermaid(refusedPlan({ reachable: ["4.6.50"], frontier: ["4.6.50"] }));
    assert.match(text, /v4_6_43 -\.-x\|"NO_ROUTE"\| v4_7_20/);
    assert.match(text, /v4_6_50\["4\.6\.50<br>routes end here"\]/);
    assert.match(text, /v4_6_41 -\.->\|"by a route of its own"\| v4_7_20/);
    assert.match(text, /class v4_7_20 unreachable/);
  });

  it("a range as target makes no broken node", () => {
    const text = renderMermaid(refusedPlan({}, '>=4.8.0 <4.9 || "x"'));
    assert.doesNotMatch(text.replaceAll("<br>", ""), /\["[^"]*[<>][^"]*"\]/);
    assert.match(text, /\["#gt;=4\.8\.0 #lt;4\.9 \|\| #quot;x#quot;<br>target"\]/);
  });

  it("nothing to do is one node", () => {
    assert.equal(renderMermaid(routePlan(["4.7.20"])).match(/\[/g)?.length, 1);
  });
});

describe("report: HTML", () => {
  it("needs nothing from elsewhere and runs nothing", () => {
    const page = renderHtml(routePlan(["4.6.41", "4.7.20"]));
    assert.match(page, /^<!doctype html>/);
    assert.doesNotMatch(page, /<script|<link|<img|src=|@import|url\(/);
    const opened = page.match(/.{3}href="[^"]*"/g) ?? [];
    assert.ok(opened.length > 0);
    for (const link of opened) assert.match(link, /^<a href="https:\/\/github\.com\/[\w./%~-]+"$/);
  });

  it("the data's own signs never become markup", () => {
    const page = renderHtml(refusedPlan({ message: '<b onclick="x">&' }));
    assert.ok(page.includes("&lt;b onclick=&quot;x&quot;&gt;&amp;"));
  });
});
