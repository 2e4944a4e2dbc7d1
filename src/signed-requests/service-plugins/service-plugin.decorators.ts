import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import { SERVICE_PLUGIN_CALL } from '../../core/marks.js';
import { WixMisconfiguredError } from '../../core/wix-auth.errors.js';
import type { JsonObject } from '../../core/values/json.js';
import type { WixServicePluginCall, WixServicePluginContext } from './service-plugin-call.js';

/** A verified call, and the same in the form of its definition where the handler has one. */
export interface AdmittedServicePluginCall extends WixServicePluginCall {
  readonly payload?: unknown;
}

/** Keeps a verified call on its request. */
export const keepServicePluginCall = (request: object, call: AdmittedServicePluginCall): void => {
  Reflect.set(request, SERVICE_PLUGIN_CALL, call);
};

function callIn(context: ExecutionContext): AdmittedServicePluginCall {
  const call = Reflect.get(context.switchToHttp().getRequest<object>(), SERVICE_PLUGIN_CALL) as
    AdmittedServicePluginCall | undefined;
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

/** What a handler with a definition is given: request and metadata in the package's own form. */
export const ServicePluginPayload = createParamDecorator(
  (_data: unknown, context: ExecutionContext): unknown => callIn(context).payload,
);
