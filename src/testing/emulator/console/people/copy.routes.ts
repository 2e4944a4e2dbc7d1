import type { Copied, CopyRequest, DashboardPage, DashboardRequest } from '../console-api.js';
import type { ConsoleContext } from '../console-context.js';
import { ApiRefusal, type ApiRoute } from '../http/api-route.js';
import { signedInstanceAs, tokenAs } from './credentials.js';
import { envLines, envText } from './env-lines.js';
import { appById, appOf, installById } from './lookups.js';

const text = { type: 'string' } as const;

/** `POST copy` and `POST dashboard`: the routes that return secrets and credentials. */
export const copyRoutes = (context: ConsoleContext): readonly ApiRoute[] => [
  {
    method: 'POST',
    path: 'copy',
    body: {
      type: 'object',
      required: ['what'],
      properties: {
        what: { enum: ['env', 'token', 'signed-instance'] },
        appId: text,
        name: text,
        instanceId: text,
        as: text,
        expired: { type: 'boolean' },
      },
      additionalProperties: false,
    },
    handle: ({ body }) => copied(context, body as CopyRequest),
  },
  {
    method: 'POST',
    path: 'dashboard',
    body: { type: 'object', required: ['instanceId', 'as'], properties: { instanceId: text, as: text } },
    handle: ({ body }) => dashboardPage(context, body as DashboardRequest),
  },
];

function copied(context: ConsoleContext, request: CopyRequest): Copied {
  if (request.what === 'env') return { text: envOf(context, request), expiresAt: null };
  const install = installById(context, required(request.instanceId, 'instanceId'));
  const as = required(request.as, 'as');
  return request.what === 'token'
    ? tokenAs(context, install, as, request.expired)
    : signedInstanceAs(context, install, as);
}

function envOf(context: ConsoleContext, { appId, name }: { readonly appId: string; readonly name?: string }): string {
  const lines = envLines(appById(context, required(appId, 'appId')).app, context.run.url());
  if (name === undefined) return envText(lines);
  const line = lines.find((one) => one.name === name);
  if (!line) throw new ApiRefusal(404, `There is no ${name}.`);
  return line.value;
}

function dashboardPage(context: ConsoleContext, { instanceId, as }: DashboardRequest): DashboardPage {
  const install = installById(context, instanceId);
  const { url, paths } = appOf(context, install);
  const src = new URL(paths.dashboard, url);
  src.searchParams.set('instance', signedInstanceAs(context, install, as).text);
  return { src: src.href, origin: url };
}

// Which fields are needed depends on `what`.
function required(value: string | undefined, name: string): string {
  if (value === undefined) throw new ApiRefusal(400, `${name} is missing.`);
  return value;
}
