import { Injectable } from '@nestjs/common';
import { contacts } from '@wix/crm';
import { OnWixEvent, type WixEventEnvelope } from 'nestjs-wix-auth';

@Injectable()
export class ContactLog {
  readonly contacts = new Map<string, Date | null | undefined>();

  @OnWixEvent(contacts.onContactCreated)
  created({ entity, metadata }: WixEventEnvelope<typeof contacts.onContactCreated>): void {
    if (typeof entity._id === 'string') this.contacts.set(entity._id, metadata.eventTime);
  }
}
