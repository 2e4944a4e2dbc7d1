import { AppCredentials } from '../../../src/core/app-credentials.js';
import { LedgerSlot } from '../../../src/redis/ledger-slot.js';

export const STORM = 'storm';

/** What the processes of the storm encrypt their ledger with, so that the test can look into it. */
export const ledgerCredentials = new AppCredentials(STORM, ['the secret of the storm']);

/** The entry of a piece of work in that ledger. */
export function slotOf(key: string): LedgerSlot {
  const [secret] = ledgerCredentials.secretKeys;
  if (secret === undefined) throw new Error('There is a secret.');
  return new LedgerSlot(secret, JSON.stringify([STORM, STORM]), key);
}
