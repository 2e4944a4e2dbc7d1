import type { WixRoute } from '../../index.js';
import type { Expectation } from './expectations.js';
import { callerNames, type MatrixCaller } from './matrix-callers.js';

interface Row {
  readonly route: WixRoute;
  readonly callers: readonly MatrixCaller[];
}

/** The matrix as Markdown: a row for each route. The last column lists what is refused for one missing scope. */
export function accessTable(rows: readonly Row[]): string {
  const head = ['Route', 'Handler', ...callerNames, 'Refused for one lacking scope or plan'];
  const lines = [head, head.map(() => '---'), ...rows.map(cellsOf)];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

const cellsOf = ({ route, callers }: Row): readonly string[] => [
  route.name.replaceAll('|', '\\|'),
  route.handler,
  ...callerNames.map((name) => cellOf(route, callers.find((caller) => caller.name === name)?.expected)),
  callers
    .filter(({ lacks, expected }) => lacks && expected !== 'passes')
    .map(({ name }) => name)
    .join('; '),
];

function cellOf({ access }: WixRoute, expected: Expectation | undefined): string {
  if (expected === undefined) return access === 'guarded' ? 'not tested' : access;
  return expected === 'passes' ? expected : `${String(expected.status)} ${expected.code.replace('WIX_', '')}`;
}
