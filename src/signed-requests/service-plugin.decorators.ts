import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import { SERVICE_PLUGIN_CALL } from '../core/marks.js';
import { WixMisconfiguredError } from '../core/wix-auth.errors.js';
import type { JsonObject } from '../core/json.js';
import type { WixServicePluginCall, WixServicePluginContext } from './service-plugin-call.js';

/** Keeps a verified call on its request. */
export const keepServicePluginCall = (request: object, call: WixServicePluginCall): void => {
  Reflect.set(request, SERVICE_PLUGIN_CALL, call);
};

function callIn(context: ExecutionContext): WixServicePluginCall {
  const call = Reflect.get(context.switchToHttp().getRequest<object>(), SERVICE_PLUGIN_CALL) as
    WixServicePluginCall | undefined;
  if (call !== undefined) return call;
  throw new WixMisconfiguredError('No service plugin request was verified here: put @WixServicePlugin() on the route.');
}

/** The verified request of a service plugin route, as the plugin's documentation shows it. */
export const WixServicePluginRequest = createParamDecorator(
  (_data: unknown, context: ExecutionContext): JsonObject => callIn(context).request,
);

/** What Wix tells beside the request: `instanceId`, `requestId`, `currency`, `languages`, and who asks. */
export const WixServicePluginMetadata = createParamDecorator(
  (_data: unknown, context: ExecutionContext): WixServicePluginContext => callIn(context).metadata,
);
