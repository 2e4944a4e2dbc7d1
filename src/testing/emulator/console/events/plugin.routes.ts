import { fieldsOf, readBody } from '../../wire/request-body.js';
import { pluginMethods } from '../catalogue/plugin-methods.js';
import type { PluginAnswer, PluginCall, PluginMethodView } from '../console-api.js';
import type { ConsoleContext } from '../console-context.js';
import { ApiRefusal, type ApiRoute } from '../http/api-route.js';
import { appOf, installById } from '../people/lookups.js';
import { forgerySchema } from './forgeries.js';

const text = { type: 'string' } as const;

/** The methods of Wix's service plugins. */
const knownPluginMethods: readonly PluginMethodView[] = pluginMethods.map((line) => {
  const [plugin = '', method = '', path = '', ...errors] = line.split(' ');
  return { plugin, method, path, errors };
});

/** Calls of the app's service plugins. */
export const pluginRoutes = (context: ConsoleContext): readonly ApiRoute[] => [
  { method: 'GET', path: 'plugins', handle: () => knownPluginMethods },
  {
    method: 'POST',
    path: 'plugins',
    body: {
      type: 'object',
      required: ['instanceId', 'plugin', 'method'],
      properties: {
        instanceId: text,
        plugin: text,
        method: text,
        request: { type: 'object' },
        metadata: { type: 'object' },
        forgery: forgerySchema,
        path: { type: 'string', pattern: '^/', title: 'a path of the app' },
      },
      additionalProperties: false,
    },
    handle: ({ body }) => callPlugin(context, body as PluginCall),
  },
];

async function callPlugin(context: ConsoleContext, call: PluginCall): Promise<PluginAnswer> {
  const install = installById(context, call.instanceId);
  const { url: origin, paths } = appOf(context, install);
  const method = knownPluginMethods.find((one) => one.plugin === call.plugin && one.method === call.method);
  if (!method) throw new ApiRefusal(404, `${call.plugin} has no method ${call.method}.`);

  const url = onApp(origin, call.path ?? `${paths.plugins.replace(/\/$/, '')}${method.path}`);
  const { request = {}, metadata, forgery } = call;
  const startedAt = performance.now();
  const answer = await context.sender.servicePlugin(install, url, request, {
    forgery: forgery ?? undefined,
    metadata: { appExtensionType: call.plugin, ...metadata },
  });
  const ms = Math.round(performance.now() - startedAt);
  return { url, status: answer.status, ms, body: answer.body, errorCode: errorCodeOf(answer.body) };
}

function errorCodeOf(body: string): string | null {
  const { code } = fieldsOf(fieldsOf(readBody(body, undefined))['applicationError']);
  return typeof code === 'string' ? code : null;
}

// `//elsewhere` would be another server.
function onApp(origin: string, path: string): string {
  const url = new URL(path, origin);
  if (url.origin !== origin) throw new ApiRefusal(400, 'path must be a path of the app.');
  return url.href;
}
