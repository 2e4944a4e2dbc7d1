import type { Platform } from '../platform.js';
import { jsonAnswer, validationError } from '../wire/answer.js';
import { fieldsOf, isObject } from '../wire/request-body.js';
import type { EmulatedBiEvent, EmulatedInstall } from '../world/emulated-install.js';
import type { EmulatedSite } from '../world/emulated-site.js';
import { identifyApp } from './authorization.js';
import type { Endpoint } from './endpoint.js';

/** `GET /apps/v1/instance`: the installation the app's token belongs to. Only the app itself may ask. */
export const appInstanceEndpoint: Endpoint = {
  method: 'GET',
  path: '/apps/v1/instance',
  handle: (call) => {
    const install = identifyApp(call);
    return jsonAnswer(200, { instance: instanceOf(call.platform, install), site: siteOf(install.site) });
  },
};

function instanceOf(platform: Platform, install: EmulatedInstall): object {
  return {
    instanceId: install.instanceId,
    appName: install.app.name,
    appVersion: '1.0.0',
    isFree: install.plan === undefined,
    ...billingOf(install),
    ...permissionsOf(platform, install),
    ...(install.originInstanceId === undefined ? {} : { originInstanceId: install.originInstanceId }),
    copiedFromTemplate: false,
    freeTrialAvailable: false,
  };
}

function billingOf({ plan }: EmulatedInstall): object {
  if (plan === undefined) return {};
  return { billing: { packageName: plan, billingCycle: 'MONTHLY', autoRenewing: true, source: 'WIX' } };
}

function permissionsOf(
  { scopes, variants }: Platform,
  { grants }: EmulatedInstall,
): { permissions?: readonly string[] } {
  if (grants.length === 0 && variants.emptyGrants === 'omitted') return {};
  return { permissions: variants.grants === 'scopes' ? grants : scopes.permissionIds(grants) };
}

const siteOf = (site: EmulatedSite): object => ({
  siteDisplayName: site.name,
  locale: site.locale,
  paymentCurrency: 'USD',
  multilingual: { isMultiLingual: false, supportedLanguages: [] },
  url: site.url,
  installedWixApps: site.installedWixApps,
  ownerEmail: site.owner.email,
  ownerInfo: { email: site.owner.email, emailStatus: 'VERIFIED_OPT_IN' },
  siteId: site.siteId,
});

const biEventNames = [
  'APP_DASHBOARD_LOADED',
  'APP_DEPLOYED',
  'APP_FINISHED_CONFIGURATION',
  'APP_FINISH_BUSINESS_SETUP',
  'APP_SETUP_FINISHED',
  'APP_UPGRADED',
  'CHARGE',
  'CUSTOM',
  'FUNDS_RETURNED',
  'PRIMARY_ACTION_PERFORMED',
];

/** `POST /apps/v1/bi-event`: the app reports something. Recorded in `install.biEvents`. */
export const biEventEndpoint: Endpoint = {
  method: 'POST',
  path: '/apps/v1/bi-event',
  handle: (call) => {
    const install = identifyApp(call);
    const event = fieldsOf(call.request.body);
    if (!isBiEvent(event)) return validationError('eventName', `must be one of ${biEventNames.join(', ')}`);
    if (event.eventName === 'CUSTOM' && (event.customEventName ?? '').length < 2) {
      return validationError('customEventName', 'must have at least 2 characters');
    }
    install.biEvents.push(event);
    return jsonAnswer(200, {});
  },
};

function isBiEvent(event: object): event is EmulatedBiEvent {
  const { eventName, customEventName = '', eventData = {} } = event as Readonly<Record<string, unknown>>;
  const isKnown = typeof eventName === 'string' && biEventNames.includes(eventName);
  return isKnown && typeof customEventName === 'string' && isObject(eventData);
}
