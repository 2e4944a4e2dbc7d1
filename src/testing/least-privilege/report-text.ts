import type { CalledEndpoint } from './called-endpoints.js';
import { needText } from './need-text.js';
import type { RouteUse } from './route-uses.js';

/** What a report contains. */
export interface ReportParts {
  readonly routes: readonly RouteUse[];
  readonly elsewhere: readonly CalledEndpoint[];
}

/** A report in words: a paragraph for each route, with a line for each endpoint of Wix and each finding. */
export function reportText({ routes, elsewhere }: ReportParts): string {
  const paragraphs = routes.map(routeLines);
  if (elsewhere.length > 0)
    paragraphs.push(['In the course of no request and no event', ...elsewhere.map(endpointLine)]);
  return `${paragraphs.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const routeLines = ({ name, handler, callers, declares, called, endpoints, findings }: RouteUse): readonly string[] => [
  `${name} (${handler})`,
  `  takes: ${callers.join(', ')}; declares: ${declares.map((scopes) => scopes.join(' or ')).join(', ') || 'nothing'}`,
  `  called: ${called === 0 ? 'never' : timesText(called)}`,
  ...endpoints.map(endpointLine),
  ...findings.map(({ message }) => `  ! ${message}`),
];

const endpointLine = (endpoint: CalledEndpoint): string =>
  `  → ${endpoint.name === undefined ? '' : `${endpoint.name}, `}${endpoint.endpoint}, ${asText(endpoint.as)}, ` +
  `${timesText(endpoint.times)}: ${needText(endpoint)}${endpoint.isShared === true ? ' (or another field of its query)' : ''}`;

const asText = (as: CalledEndpoint['as']): string =>
  as === 'unknown' ? 'with a token of nothing known' : as === 'app' ? 'as the app' : `on behalf of a ${as}`;

const timesText = (count: number): string => (count === 1 ? 'once' : `${String(count)} times`);
