import { createHash, randomUUID } from 'node:crypto';

import type { EmulatedApp } from '../world/emulated-app.js';
import type { EmulatedInstall } from '../world/emulated-install.js';
import { WebhookDelivery } from './delivery.js';
import {
  domainEvent,
  webhookClaims,
  type EmulatedDomainEvent,
  type EmulatedEvent,
  type EventNesting,
} from './event.js';
import { pluginMethods, type EmulatedPluginMethod } from '../console/catalogue/plugin-methods.js';
import { Postman, type EmulatorAnswer } from './post.js';
import { signedToken, type Claims, type Forgery } from './signed-token.js';

/** How a webhook is sent. */
export interface SendWebhookOptions {
  /** What is wrong with it. @default nothing */
  readonly forgery?: Forgery | undefined;
  /** How many times it is sent again, with Wix's pauses, until it is answered 200. @default 12 */
  readonly retries?: number | undefined;
  /** How much faster than real time those pauses pass: 60_000 makes a minute a millisecond. @default 60_000 */
  readonly speed?: number | undefined;
  /** How many more times the same webhook is sent at once. @default 0 */
  readonly duplicates?: number | undefined;
  /** @default 'text/plain' */
  readonly contentType?: string | undefined;
  /** How JSON is nested. @default 'strings' */
  readonly nesting?: EventNesting | undefined;
  /** Claims to add or change, such as `iss` and `aud`. @default none */
  readonly claims?: Claims | undefined;
}

/** How a service plugin request is sent. */
export interface CallServicePluginOptions {
  /** What is wrong with it. @default nothing */
  readonly forgery?: Forgery | undefined;
  /** More metadata, such as `currency` and `languages`. @default none */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** @default 'application/json' */
  readonly contentType?: string | undefined;
}

/** How a request with a digest is sent. */
export interface PostWithDigestOptions {
  /** What is wrong with it; `another-body` signs something else. @default nothing */
  readonly forgery?: Forgery | 'another-body' | undefined;
  /** The prefix of the token, such as the `JWT=` of payment plugins. @default '' */
  readonly prefix?: string | undefined;
  /** @default 'application/json' */
  readonly contentType?: string | undefined;
}

// Wix's limits.
const WEBHOOK_TIMEOUT_MS = 1_250;
const REQUEST_TIMEOUT_MS = 10_000;
const MINUTE_S = 60;

/** Sends what Wix sends to an app's backend: webhooks, service plugin requests, and requests with a digest. */
export class WixEmulatorSender {
  readonly #now: () => number;
  readonly #postman = new Postman();

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Sends a webhook to the address the app registered, and sends it again by Wix's schedule until it is answered 200
   * within 1250 ms. To let webhooks arrive in another order, send them in another order.
   *
   * @example
   * await wix.send.webhook(install, `${url}/wix/webhooks`, { type: 'AppInstalled' }).delivered;
   */
  webhook(
    install: EmulatedInstall,
    url: string,
    event: EmulatedEvent,
    options: SendWebhookOptions = {},
  ): WebhookDelivery {
    const body = this.webhookBody(install, event, options);
    const headers = { 'content-type': options.contentType ?? 'text/plain' };
    const attempt = () => this.#postman.send({ url, body, headers, timeoutMs: WEBHOOK_TIMEOUT_MS });
    for (let more = options.duplicates ?? 0; more > 0; more -= 1) void attempt();
    const { retries = 12, speed = 60_000 } = options;
    return new WebhookDelivery(body, { attempt, retries, speed, isOver: () => this.#postman.isClosed });
  }

  /** The same for an event about an entity, such as a contact. */
  domainEvent(
    install: EmulatedInstall,
    url: string,
    event: EmulatedDomainEvent,
    options?: SendWebhookOptions,
  ): WebhookDelivery {
    const eventTime = event.eventTime ?? new Date(this.#now());
    return this.webhook(install, url, domainEvent({ ...event, eventTime }), options);
  }

  /** The body of a webhook, for tests that pass it on themselves. */
  webhookBody(
    install: EmulatedInstall,
    event: EmulatedEvent,
    { forgery, nesting = 'strings', claims }: SendWebhookOptions = {},
  ): string {
    const said = { ...webhookClaims(install, event, nesting, this.#nowS()), ...claims };
    return signedToken(install.app, said, forgery);
  }

  /** Calls a method of the app's service plugin: its address, and the request as in the plugin's documentation. */
  servicePlugin(
    install: EmulatedInstall,
    url: string,
    request: Readonly<Record<string, unknown>>,
    { forgery, metadata, contentType = 'application/json' }: CallServicePluginOptions = {},
  ): Promise<EmulatorAnswer> {
    const said = { ...pluginClaims(install, request, metadata), ...this.#dates(MINUTE_S) };
    const body = signedToken(install.app, said, forgery);
    return this.#postman.send({
      url,
      body,
      headers: { 'content-type': contentType },
      timeoutMs: REQUEST_TIMEOUT_MS,
    });
  }

  /**
   * Calls a method of the app's service plugin by its name, where Wix would: at the method's own path below the address
   * from the app dashboard (`deploymentUri`).
   *
   * @example
   * await wix.send.pluginMethod(install, `${url}/plugins/shipping`, 'ECOM_SHIPPING_RATES.getShippingRates', { … });
   */
  pluginMethod(
    install: EmulatedInstall,
    deploymentUri: string,
    method: EmulatedPluginMethod,
    request: Readonly<Record<string, unknown>> = {},
    options: CallServicePluginOptions = {},
  ): Promise<EmulatorAnswer> {
    return this.servicePlugin(install, `${deploymentUri}${pathOfMethod(method)}`, request, options);
  }

  /** Posts a body whose hash Wix signed in the `digest` header. */
  withDigest(
    app: EmulatedApp,
    url: string,
    body: string,
    options: PostWithDigestOptions = {},
  ): Promise<EmulatorAnswer> {
    const { forgery, prefix = '', contentType = 'application/json' } = options;
    const hashed = forgery === 'another-body' ? `${body} ` : body;
    const said = { data: { SHA256: createHash('sha256').update(hashed).digest('hex') }, ...this.#dates(5 * MINUTE_S) };
    const token = signedToken(app, said, forgery === 'another-body' ? undefined : forgery);
    const headers = { 'content-type': contentType, digest: `${prefix}${token}` };
    return this.#postman.send({ url, body, headers, timeoutMs: REQUEST_TIMEOUT_MS });
  }

  /** Closes its connections and ends what is still to be sent again. */
  close(): void {
    this.#postman.close();
  }

  #dates(lifetimeS: number): Claims {
    return { iat: this.#nowS(), exp: this.#nowS() + lifetimeS };
  }

  #nowS(): number {
    return Math.floor(this.#now() / 1_000);
  }
}

const pluginClaims = (install: EmulatedInstall, request: object, metadata: object | undefined): Claims => ({
  data: {
    request,
    metadata: {
      requestId: randomUUID(),
      instanceId: install.instanceId,
      identity: { identityType: 'APP', appId: install.app.appId },
      appExtensionType: 'SERVICE_PLUGIN',
      ...metadata,
    },
  },
  iss: 'wix.com',
  aud: install.app.appId,
});

function pathOfMethod(name: EmulatedPluginMethod): string {
  const line = pluginMethods.find((one) => one.startsWith(`${name.replace('.', ' ')} `));
  const path = line?.split(' ')[2];
  if (path !== undefined) return path;
  throw new TypeError(`No service plugin of Wix has a method ${name}.`);
}
