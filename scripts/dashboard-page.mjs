const COLORS = [
  '#3274d9',
  '#e0752d',
  '#37872d',
  '#c4162a',
  '#8f3bb8',
  '#b58900',
  '#0c8a8a',
  '#7a7a7a',
  '#d6336c',
  '#5c6bc0',
];
const MARGIN = { left: 52, right: 12, top: 34, bottom: 24 };
const CELL = { width: 1280 / 24, height: 30 };

/** A page with every panel of a dashboard for Grafana, at its place, as charts of what Prometheus answered. */
export const dashboardPage = (panels, range) => `<!doctype html>
<meta charset="utf-8">
<style>
  body { margin: 0; background: #f4f5f5; font: 12px 'DejaVu Sans', sans-serif; color: #24292e; }
  header { height: 26px; padding: 12px 16px; font-size: 16px; }
  main { position: relative; }
  section { position: absolute; box-sizing: border-box; padding: 4px; }
  svg { background: #fff; border: 1px solid #d8d9da; border-radius: 3px; display: block; }
  .legend { position: absolute; left: 60px; bottom: 8px; right: 12px; font-size: 10px; line-height: 14px; }
  .legend i { display: inline-block; width: 10px; height: 3px; margin: 0 4px 3px 10px; }
</style>
<header>nestjs-wix-auth</header>
<main>${panels.map((panel) => section(panel, range)).join('')}</main>`;

function section(panel, range) {
  const { x, y, w, h } = panel.gridPos;
  const box = { width: w * CELL.width - 8, height: h * CELL.height - 8 };
  const place = `left:${x * CELL.width}px;top:${y * CELL.height}px;width:${w * CELL.width}px;height:${h * CELL.height}px`;
  const names = panel.lines.map(
    ({ name }, index) => `<span><i style="background:${color(index)}"></i>${text(name)}</span>`,
  );
  return `<section style="${place}">${chart(panel, box, range)}<div class="legend">${names.join('')}</div></section>`;
}

function chart({ title, lines, fieldConfig }, { width, height }, { fromS, toS }) {
  const legendHeight = 14 * Math.ceil(lines.length / 3) + 4;
  const plot = {
    width: width - MARGIN.left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom - legendHeight,
  };
  const top = niceTop(Math.max(0, ...lines.flatMap(({ points }) => points.map(([, value]) => value))));
  const across = (atS) => MARGIN.left + ((atS - fromS) / (toS - fromS)) * plot.width;
  const up = (value) => MARGIN.top + plot.height * (1 - value / top);
  const levels = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    level(share * top, up(share * top), width, fieldConfig.defaults.unit),
  );
  const times = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    moment(fromS + share * (toS - fromS), across, height - legendHeight),
  );
  const paths = lines.map(({ points }, index) => {
    const line = points.map(([atS, value]) => `${across(atS).toFixed(1)},${up(value).toFixed(1)}`).join(' ');
    return `<polyline points="${line}" fill="none" stroke="${color(index)}" stroke-width="1.5"/>`;
  });
  const heading = `<text x="12" y="20" font-weight="bold">${text(title)}</text>`;
  return `<svg width="${width}" height="${height}">${heading}${levels.join('')}${times.join('')}${paths.join('')}</svg>`;
}

const level = (value, y, width, unit) =>
  `<line x1="${MARGIN.left}" x2="${width - MARGIN.right}" y1="${y}" y2="${y}" stroke="#e9e9e9"/>` +
  `<text x="${MARGIN.left - 6}" y="${y + 4}" text-anchor="end" font-size="10" fill="#6c757d">${withUnit(value, unit)}</text>`;

const moment = (atS, across, bottom) =>
  `<text x="${across(atS)}" y="${bottom - 8}" text-anchor="middle" font-size="10" fill="#6c757d">` +
  `${new Date(atS * 1_000).toISOString().slice(11, 16)}</text>`;

function withUnit(value, unit) {
  if (unit === 's') return value >= 1 || value === 0 ? `${round(value)} s` : `${round(value * 1_000)} ms`;
  return unit === 'reqps' ? `${round(value)}/s` : round(value);
}

const round = (value) => String(Number(value.toPrecision(3)));

function niceTop(value) {
  if (value === 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 4, 5, 8, 10].map((factor) => factor * unit).find((top) => top >= value);
}

const color = (index) => COLORS[index % COLORS.length];

const text = (value) => String(value).replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
