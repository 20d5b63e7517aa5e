import type { Version } from "../planning/version/version.js";
import type { MatrixPicture, PictureEdge, PictureNode, Standing } from "./matrix-picture.js";

const pill = { width: 62, height: 22 };
const gap = { column: 104, row: 14 };
const margin = { side: 44, top: 158, bottom: 30 };

const colours: Record<Standing, { fill: string; stroke: string; label: string }> = {
  newest: { fill: "#1f7a3d", stroke: "#14522a", label: "newest release" },
  "leads-on": { fill: "#d9f0de", stroke: "#2c7a46", label: "leads to the newest release" },
  stranded: { fill: "#fdeec2", stroke: "#b07d00", label: "stranded: leads on, but never to the newest" },
  "dead-end": { fill: "#f8d3d3", stroke: "#b02a2a", label: "dead end: no later minor from here" },
};

interface Spot {
  x: number;
  y: number;
  column: number;
  row: number;
}

/** Renders the picture as SVG, deterministically. The `captions` are shown below the title, one per line. */
export function renderMatrixSvg(picture: MatrixPicture, title: string, captions: readonly string[]): string {
  const rows = Math.max(...picture.columns.map(({ nodes }) => nodes.length));
  const spots = computeSpots(picture, rows);
  const width = Math.max(1000, margin.side * 2 + picture.columns.length * (pill.width + gap.column) - gap.column);
  const height = margin.top + rows * (pill.height + gap.row) + margin.bottom;
  const edges = [...picture.edges].sort((a, b) => Number(a.chosen) - Number(b.chosen));
  const body = [
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    renderLabel(margin.side, 34, title, `font-size="20" font-weight="600"`),
    ...captions.map((caption, index) =>
      renderLabel(margin.side, 56 + 18 * index, caption, `font-size="12.5" fill="#444b55"`),
    ),
    ...renderLegend(picture, 62 + 18 * captions.length),
    ...picture.columns.map(({ minor }, column) =>
      renderLabel(
        computeColumnX(column) + pill.width / 2,
        margin.top - 14,
        minor,
        `font-size="15" font-weight="600" ${middle}`,
      ),
    ),
    ...edges.map((edge) => renderEdge(edge, spots)),
    ...picture.columns.flatMap(({ nodes }) => nodes.map((node) => renderNode(node, spots.get(node.version)!))),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="'DejaVu Sans', 'Segoe UI', Helvetica, Arial, sans-serif">
<title>${escapeXml(title)}</title>
<desc>${escapeXml(captions.join(" "))}</desc>
<defs>
${renderArrow("row", "#9aa5b4", 6)}
${renderArrow("route", "#1756c4", 4.2)}
</defs>
${body.join("\n")}
</svg>
`;
}

const middle = `text-anchor="middle"`;

function computeColumnX(column: number): number {
  return margin.side + column * (pill.width + gap.column);
}

/** Computes the position of each release: columns are centred vertically, the oldest release at the top. */
function computeSpots({ columns }: MatrixPicture, rows: number): Map<Version, Spot> {
  const spots = new Map<Version, Spot>();
  const step = pill.height + gap.row;
  for (const [column, { nodes }] of columns.entries()) {
    const top = margin.top + ((rows - nodes.length) * step) / 2;
    for (const [row, { version }] of nodes.entries()) {
      spots.set(version, { x: computeColumnX(column), y: roundCoordinate(top + row * step), column, row });
    }
  }
  return spots;
}

function renderNode({ version, standing, stop }: PictureNode, { x, y }: Spot): string {
  const { fill, stroke } = colours[standing];
  const border = stop === null ? `stroke="${stroke}" stroke-width="1.2"` : `stroke="#1756c4" stroke-width="3"`;
  const colour = standing === "newest" ? "#ffffff" : "#1d2430";
  const dash = standing === "dead-end" && stop === null ? ` stroke-dasharray="4 2"` : "";
  const size = `width="${pill.width}" height="${pill.height}" rx="6"`;
  const weight = stop === null ? "" : ` font-weight="700"`;
  const label = renderLabel(
    x + pill.width / 2,
    y + 15.5,
    version,
    `font-size="12.5" fill="${colour}" ${middle}${weight}`,
  );
  const tooltip = `${version}: ${colours[standing].label}`;
  return `<g><title>${escapeXml(tooltip)}</title><rect x="${x}" y="${y}" ${size} fill="${fill}" ${border}${dash}/>${label}</g>`;
}

function renderEdge({ from, to, chosen }: PictureEdge, spots: ReadonlyMap<Version, Spot>): string {
  const style = chosen
    ? `stroke="#1756c4" stroke-width="3" marker-end="url(#route)"`
    : `stroke="#9aa5b4" stroke-width="1.1" marker-end="url(#row)"`;
  const line = computeCurve(spots.get(from)!, spots.get(to)!);
  return `<path d="${line}" fill="none" ${style}><title>${from} to ${to}</title></path>`;
}

/**
 * Within a minor: a line down to the next release, else an arc on the right. Between minors: a curve from side to side.
 */
function computeCurve(from: Spot, to: Spot): string {
  const tip = 3;
  if (from.column === to.column) {
    const center = from.x + pill.width / 2;
    if (to.row === from.row + 1) return `M${center} ${from.y + pill.height}V${to.y - tip}`;
    const right = from.x + pill.width;
    const bend = roundCoordinate(right + 10 + Math.min(30, 4 * (to.row - from.row)));
    const [start, end] = [from.y + pill.height / 2, to.y + pill.height / 2];
    return `M${right} ${start}C${bend} ${start} ${bend} ${end} ${right + tip} ${end}`;
  }
  const [startX, endX] = [from.x + pill.width, to.x - tip];
  const [startY, endY] = [from.y + pill.height / 2, to.y + pill.height / 2];
  const pull = roundCoordinate(Math.min(80, (endX - startX) * 0.5));
  return `M${startX} ${startY}C${startX + pull} ${startY} ${endX - pull} ${endY} ${endX} ${endY}`;
}

/** Renders the legend: only what the picture contains, with counts. */
function renderLegend({ columns, edges }: MatrixPicture, y: number): string[] {
  const nodes = columns.flatMap((column) => column.nodes);
  let x = margin.side;
  const parts: string[] = [];
  const addEntry = (sign: string, caption: string): void => {
    parts.push(sign, renderLabel(x + 28, y + 11, caption, `font-size="12.5" fill="#1d2430"`));
    x += 44 + caption.length * 7.1;
  };
  for (const standing of Object.keys(colours) as Standing[]) {
    const count = nodes.filter((node) => node.standing === standing).length;
    if (count === 0) continue;
    const { fill, stroke, label } = colours[standing];
    const dash = standing === "dead-end" ? ` stroke-dasharray="4 2"` : "";
    const sign = `<rect x="${roundCoordinate(x)}" y="${y}" width="22" height="14" rx="4" fill="${fill}" stroke="${stroke}"${dash}/>`;
    addEntry(sign, standing === "newest" ? label : `${label} (${count})`);
  }
  if (edges.some(({ chosen }) => chosen)) {
    addEntry(
      `<path d="M${roundCoordinate(x)} ${y + 7}h20" stroke="#1756c4" stroke-width="3" marker-end="url(#route)"/>`,
      "the route",
    );
  }
  return parts;
}

function renderArrow(id: string, fill: string, size: number): string {
  return `<marker id="${id}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="${size}" markerHeight="${size}" orient="auto"><path d="M0 0L10 5L0 10z" fill="${fill}"/></marker>`;
}

function renderLabel(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${roundCoordinate(x)}" y="${roundCoordinate(y)}" ${attributes}>${escapeXml(content)}</text>`;
}

function roundCoordinate(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(content: string): string {
  return content.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
