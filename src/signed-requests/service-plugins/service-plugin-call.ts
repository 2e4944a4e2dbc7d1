import { isJsonObject, objectOf, parseJson, textOf, type JsonObject } from '../../core/values/json.js';
import { isDeeperThan } from '../../core/values/json-depth.js';
import { WixCredentialsMalformedError, WixEventTooDeepError } from '../../core/wix-auth.errors.js';
import { instanceIdFromWix, type WixInstanceId } from '../../core/identities/wix-instance-id.js';
import { deepFrozen } from '../../core/values/deep-frozen.js';

/** What Wix tells beside a service plugin request. */
export interface WixServicePluginContext {
  /** The installation whose site asks. */
  readonly instanceId: WixInstanceId;
  /** Wix's id of the request, for their support. */
  readonly requestId?: string;
  /** The currency to answer in, as ISO 4217 code. */
  readonly currency?: string;
  /** The languages to answer in, best first. */
  readonly languages?: readonly string[];
  /** Who causes the request, as Wix wrote it: `identityType` and an id. */
  readonly identity?: JsonObject;
  /** The extension that is asked. */
  readonly appExtensionId?: string;
  /** Its kind, in Wix's words. */
  readonly appExtensionType?: string;
}

/** A verified service plugin request, deeply frozen. */
export interface WixServicePluginCall {
  /** The request, as the plugin's documentation shows it. */
  readonly request: JsonObject;
  /** What Wix tells beside it. */
  readonly metadata: WixServicePluginContext;
}

/**
 * The service plugin request in verified claims (https://dev.wix.com/docs/rest/articles/getting-started/service-plugins).
 *
 * @throws {@link WixCredentialsMalformedError} when it names no instance.
 * @throws {@link WixEventTooDeepError} when it is nested deeper than `maxDepth`.
 */
export function readServicePluginCall(claims: JsonObject, maxDepth: number): WixServicePluginCall {
  const data = typeof claims['data'] === 'string' ? parseJson(claims['data']) : claims['data'];
  const { request, metadata } = isJsonObject(data) ? data : {};
  if (isDeeperThan(maxDepth, request, metadata)) {
    throw new WixEventTooDeepError(
      `The service plugin request is nested deeper than ${String(maxDepth)} levels (webhooks.maxDepth).`,
    );
  }
  return deepFrozen({
    request: isJsonObject(request) ? request : {},
    metadata: metadataIn(isJsonObject(metadata) ? metadata : {}),
  });
}

function metadataIn(metadata: JsonObject): WixServicePluginContext {
  const instanceId = textOf(metadata, 'instanceId');
  if (instanceId === undefined) {
    throw new WixCredentialsMalformedError('The service plugin request names no instanceId in its metadata.');
  }
  const languages = metadata['languages'];
  const texts = ['requestId', 'currency', 'appExtensionId', 'appExtensionType'] as const;
  return {
    instanceId: instanceIdFromWix(instanceId),
    ...Object.fromEntries(texts.flatMap((name) => pairOf(metadata, name))),
    ...(Array.isArray(languages) && { languages: languages.filter((language) => typeof language === 'string') }),
    ...(isJsonObject(metadata['identity']) && { identity: objectOf(metadata, 'identity') }),
  };
}

function pairOf(metadata: JsonObject, name: string): readonly (readonly [string, string])[] {
  const text = textOf(metadata, name);
  return text === undefined ? [] : [[name, text]];
}
