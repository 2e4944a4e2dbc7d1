import { isJsonObject, objectOf, textOf, type JsonObject } from '../../core/values/json.js';
import { frozenWithOwnDates } from '../../core/values/own-dates.js';
import { instanceIdFromWix, type WixInstanceId } from '../../core/identities/wix-instance-id.js';

/** What the site pays for the app. */
export interface WixPlan {
  /** The plan's product id, as you named it in the app dashboard. */
  readonly packageName: string | undefined;
  /** Such as `MONTHLY` or `YEARLY`. */
  readonly billingCycle: string | undefined;
  /** When it ends, unless renewed. */
  readonly expirationDate: Date | undefined;
  /** Whether it renews itself when it ends. */
  readonly autoRenewing: boolean | undefined;
}

/** The site an app is installed on. */
export interface WixSite {
  /** The id of the site: `tenantId` in the addresses Wix calls back. */
  readonly siteId: string | undefined;
  /** What the owner calls it. */
  readonly displayName: string | undefined;
  /** Its address; a site that is not published has none. */
  readonly url: string | undefined;
  /** Its language, such as `en`. */
  readonly locale: string | undefined;
  /** Such as `USD`. */
  readonly paymentCurrency: string | undefined;
  /** Needs the scope for the site owner's email. */
  readonly ownerEmail: string | undefined;
}

/** One installation of the app, as Wix describes it (Get App Instance). Wix leaves out whatever is empty. */
export interface WixInstance {
  /** The installation. Key your own data by it. */
  readonly instanceId: WixInstanceId;
  /** What the app is called in the app dashboard. */
  readonly appName: string | undefined;
  /** The version of the app that the site has. */
  readonly appVersion: string | undefined;
  /** Whether the site uses the free plan; `undefined` when Wix does not tell. */
  readonly isFree: boolean | undefined;
  /** The paid plan, if there is one. */
  readonly plan: WixPlan | undefined;
  /** What the site granted the app: scope ids, permission ids, or both. {@link WixGrantsService} understands them. */
  readonly permissions: readonly string[];
  /** The installation on the site this one was cloned from. */
  readonly originInstanceId: string | undefined;
  /** The site it is on. */
  readonly site: WixSite;
}

/** Reads the answer of Get App Instance; `undefined` when it describes no installation. */
export function wixInstanceIn(body: JsonObject): WixInstance | undefined {
  const instance = objectOf(body, 'instance');
  const instanceId = textOf(instance, 'instanceId');
  if (instanceId === undefined) return undefined;
  return Object.freeze({
    instanceId: instanceIdFromWix(instanceId),
    appName: textOf(instance, 'appName'),
    appVersion: textOf(instance, 'appVersion'),
    isFree: flagOf(instance, 'isFree'),
    plan: planIn(instance['billing']),
    permissions: Object.freeze(textsIn(instance['permissions'])),
    originInstanceId: textOf(instance, 'originInstanceId'),
    site: siteIn(objectOf(body, 'site')),
  });
}

function planIn(billing: unknown): WixPlan | undefined {
  if (!isJsonObject(billing)) return undefined;
  return frozenWithOwnDates({
    packageName: textOf(billing, 'packageName'),
    billingCycle: textOf(billing, 'billingCycle'),
    expirationDate: dateOf(billing, 'expirationDate'),
    autoRenewing: flagOf(billing, 'autoRenewing'),
  });
}

const siteIn = (site: JsonObject): WixSite =>
  Object.freeze({
    siteId: textOf(site, 'siteId'),
    displayName: textOf(site, 'siteDisplayName'),
    url: textOf(site, 'url'),
    locale: textOf(site, 'locale'),
    paymentCurrency: textOf(site, 'paymentCurrency'),
    ownerEmail: textOf(objectOf(site, 'ownerInfo'), 'email') ?? textOf(site, 'ownerEmail'),
  });

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];

function flagOf(object: JsonObject, key: string): boolean | undefined {
  const value = object[key];
  return typeof value === 'boolean' ? value : undefined;
}

function dateOf(object: JsonObject, key: string): Date | undefined {
  const date = new Date(textOf(object, key) ?? NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
