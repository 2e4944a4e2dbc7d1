import { Injectable, Logger } from '@nestjs/common';
import { OnWixEvent, type WixEvent, type WixInstanceId } from 'nestjs-wix-auth';

interface Contact {
  readonly id: string;
}

/** What Wix reports about the sites that have the app. A real app stores this in its database. */
@Injectable()
export class SiteLife {
  readonly #logger = new Logger(SiteLife.name);
  readonly #installedAt = new Map<WixInstanceId, Date>();

  /** When the app was installed on a site, if Wix has reported it. */
  installedAt(instanceId: WixInstanceId): Date | undefined {
    return this.#installedAt.get(instanceId);
  }

  @OnWixEvent('AppInstalled')
  installed({ instanceId, issuedAt }: WixEvent<'AppInstalled'>): void {
    this.#installedAt.set(instanceId, issuedAt);
    this.#logger.log(`Installed: ${instanceId}`);
  }

  @OnWixEvent('AppRemoved')
  removed({ instanceId }: WixEvent<'AppRemoved'>): void {
    this.#installedAt.delete(instanceId);
    this.#logger.log(`Removed: ${instanceId}`);
  }

  @OnWixEvent('wix.contacts.v4.contact_created')
  contact({ entity }: WixEvent<'wix.contacts.v4.contact_created', Contact>): void {
    this.#logger.log(`New contact: ${entity?.id ?? 'unknown'}`);
  }
}
