import { WixInstanceUnknownError, WixScopeMissingError, WixUnavailableError } from '../core/wix-auth.errors.js';
import type { KnownInstances, WixInstanceSource } from '../core/identities/known-instances.js';
import type { WixInstanceId } from '../core/identities/wix-instance-id.js';
import type { AppRequests } from '../grants/app-requests.js';
import type { WixInstance } from '../grants/instances/wix-instance.js';
import type { WixInstances } from '../grants/instances/wix-instances.js';
import { describeAnswer, factsOf, type WixAnswer } from '../http/wix-answer.js';
import type { InstallAddresses } from './flows/install-addresses.js';

/** What an installation link says. */
export interface WixInstallLink {
  /** The path of this application to go to afterwards, such as `/welcome`. @default a page that says it is done */
  readonly returnTo?: string | undefined;
  /** The share URL id of an app that is not listed in the App Market. */
  readonly shareUrlId?: string | undefined;
}

/** The addresses of this application that are to be registered at Wix. */
export interface WixInstallAddresses {
  /** Where the external install flow comes back to. */
  readonly callbackUrl: string;
  /** The App URL of custom authentication. */
  readonly appUrl: string;
  /** The redirect URL of custom authentication. */
  readonly redirectUrl: string;
}

const SEND_BI_EVENTS = 'WIX_DEVELOPERS.SEND_BI_EVENTS';

/** Installing the app on a site, and what Wix says of it afterwards. */
export class WixInstallService {
  readonly #addresses: InstallAddresses;
  readonly #instances: WixInstances;
  readonly #requests: AppRequests;
  readonly #known: KnownInstances;

  constructor(addresses: InstallAddresses, instances: WixInstances, requests: AppRequests, known: KnownInstances) {
    this.#addresses = addresses;
    this.#instances = instances;
    this.#requests = requests;
    this.#known = known;
  }

  /**
   * The link behind an "Add to your site" button. It leads to this application, which gives the browser a cookie and
   * sends it on to Wix: a browser that comes back without that cookie did not start here.
   *
   * @throws {@link WixInstallError} when `returnTo` is no path of this application.
   */
  installUrl({ returnTo, shareUrlId }: WixInstallLink = {}): string {
    const url = new URL(this.#addresses.of(''));
    if (returnTo !== undefined) {
      this.#addresses.page(returnTo);
      url.searchParams.set('returnTo', returnTo);
    }
    if (shareUrlId !== undefined) url.searchParams.set('shareUrlId', shareUrlId);
    return url.href;
  }

  /** What to register in the app dashboard. */
  get addresses(): WixInstallAddresses {
    return {
      callbackUrl: this.#addresses.of('callback'),
      appUrl: this.#addresses.of('app-url'),
      redirectUrl: this.#addresses.of('redirect'),
    };
  }

  /**
   * What Wix says of an installation: its site, plan and permissions. Cached for `grants.ttlMs`.
   *
   * @param source what proves which site: an identity, an event or an installation that this registration made, or a
   * stored id with {@link trustedInstanceId}.
   * @throws {@link WixInstanceNotTrustedError} for anything else.
   * @throws {@link WixInstanceUnknownError} when the app is not installed there.
   * @throws {@link WixUnavailableError} when Wix cannot be asked.
   */
  async instanceOf(source: WixInstanceSource): Promise<WixInstance> {
    return this.#instances.of(this.#known.idOf(source));
  }

  /**
   * Tells Wix that the site has set up the app (`APP_FINISHED_CONFIGURATION`), which takes "Setup Incomplete" off its
   * dashboard (https://dev.wix.com/docs/rest/app-management/bi-events). Doing so twice does no harm.
   *
   * @throws {@link WixScopeMissingError} when the app may not send BI events.
   * @param source as for {@link instanceOf}.
   * @throws {@link WixInstanceNotTrustedError}, {@link WixInstanceUnknownError}, {@link WixUnavailableError}
   */
  async finishConfiguration(source: WixInstanceSource): Promise<void> {
    const instanceId = this.#known.idOf(source);
    const event = { eventName: 'APP_FINISHED_CONFIGURATION' };
    const answer = await this.#requests.post(instanceId, '/apps/v1/bi-event', event);
    if (answer.status >= 300) throw unexpectedAnswer(answer, instanceId);
  }
}

function unexpectedAnswer(answer: WixAnswer, instanceId: WixInstanceId): Error {
  if (answer.status === 403) {
    return new WixScopeMissingError(`The site did not grant the app ${SEND_BI_EVENTS}, which reporting needs.`, {
      requiredScopes: [SEND_BI_EVENTS],
      missingScopes: [SEND_BI_EVENTS],
      lackedBy: ['app'],
    });
  }
  return answer.status === 404 && answer.body !== undefined
    ? new WixInstanceUnknownError(`Wix knows no installation ${instanceId} of this app.`, answer)
    : new WixUnavailableError(`Wix did not accept the event (${describeAnswer(answer)}).`, factsOf(answer));
}
