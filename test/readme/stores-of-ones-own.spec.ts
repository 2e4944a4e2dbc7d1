import { eventLedgerContract, tokenStoreContract } from 'nestjs-wix-auth/testing';

import { TableEventLedger, TableTokenStore } from './snippets/stores-of-ones-own.js';

describe('TableTokenStore', () => {
  for (const { title, run } of tokenStoreContract(() => new TableTokenStore())) it(title, run);
});

describe('TableEventLedger', () => {
  for (const { title, run } of eventLedgerContract(() => new TableEventLedger())) it(title, run);
});
