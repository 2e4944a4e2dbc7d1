import { Injectable } from '@nestjs/common';
import { OnWixEvent, WixAuthModule, type WixAuthOptions, type WixEvent } from 'nestjs-wix-auth';

@Injectable()
export class SiteLife {
  readonly tenants = new Map<string, string | undefined>();
  readonly contacts: string[] = [];

  @OnWixEvent('AppInstalled')
  installed({ instanceId, data }: WixEvent<'AppInstalled'>): void {
    this.tenants.set(instanceId, data.originInstanceId); // set when the site is a copy of another one
  }

  @OnWixEvent('AppRemoved')
  removed({ instanceId }: WixEvent<'AppRemoved'>): void {
    this.tenants.delete(instanceId);
  }

  @OnWixEvent('wix.contacts.v4.contact_created')
  contact({ entity }: WixEvent<'wix.contacts.v4.contact_created', { readonly id: string }>): void {
    if (entity !== undefined) this.contacts.push(entity.id);
  }
}

export const withWebhooks = (options: WixAuthOptions & { publicKey: string }) =>
  WixAuthModule.forRoot({ ...options, webhooks: { path: 'wix/webhooks' } });
