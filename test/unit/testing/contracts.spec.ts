import { setTimeout as pause } from 'node:timers/promises';

import {
  eventLedgerContract,
  eventQueueContract,
  tokenStoreContract,
  type ContractCase,
} from 'nestjs-wix-auth/testing';

import { FakeClock } from '../../support/fake-clock.js';
import { FlawedLedger, type LedgerFlaw } from './flawed-ledger.js';
import { FlawedQueue, type QueueFlaw } from './flawed-queue.js';
import { FlawedStore, type StoreFlaw } from './flawed-store.js';

async function brokenBy(cases: readonly ContractCase[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(cases.map(({ run }) => run()));
  return cases.filter((_, index) => outcomes[index]?.status === 'rejected').map(({ title }) => title);
}

describe('eventLedgerContract', () => {
  const contract = (flaw?: LedgerFlaw): readonly ContractCase[] => {
    const clock = new FakeClock();
    return eventLedgerContract(() => new FlawedLedger(clock, flaw), { pass: (ms) => clock.advance(ms) });
  };
  const noticed: Record<LedgerFlaw, string> = {
    'claims for everybody': 'gives work to one of many claimants',
    'cuts keys': 'does not mix two pieces of work, whatever their keys look like',
    'claims for ever': 'gives work away again when the claim has ended',
    'never renews': 'lets a claimant renew its claim',
    'only shortens claims': 'lets a claimant lengthen its claim',
    'renews for everybody': 'lets no other process renew a claim',
    'renews what is free': 'makes no claim of a renewal after it was given back',
    'never releases': 'takes work back from its claimant',
    'releases for everybody': 'lets one who lost a claim do nothing to the next',
    'does not know what is done': 'knows finished work',
    'releases done work': 'knows finished work even if another process holds the claim by now',
    'keeps done work as long as its claim': 'knows finished work longer than it was claimed',
    'never forgets done work': 'forgets finished work when told to',
    'renews done work': 'knows finished work although its claimant renews or gives it back',
  };

  it('is fulfilled by a ledger without a flaw', async () => {
    expect(await brokenBy(contract())).toEqual([]);
  });

  it.each(Object.entries(noticed))('notices a ledger that %s', async (flaw, title) => {
    expect(await brokenBy(contract(flaw as LedgerFlaw))).toContain(title);
  });
});

describe('eventQueueContract', () => {
  // A tenth of the time: what a case waits for in vain is all that takes long.
  const contract = (flaw?: QueueFlaw): readonly ContractCase[] =>
    eventQueueContract(() => new FlawedQueue(flaw), { pass: (ms) => pause(ms / 10) });
  const noticed: Record<QueueFlaw, string> = {
    'cuts the text': 'hands out what was added, and that once',
    'loses what no process waits for': 'hands out what was added before any process took events',
    'stores twice': 'stores an event once, whenever it is added again',
    'knows no groups': 'hands out the events of a group one after the other, in their order',
    'takes one at a time': 'hands out events of other groups meanwhile, as many as asked for',
    'forgets what failed': 'hands out a failed event again before the next of its group, and counts',
    'counts what was not begun': 'does not count what could not be begun',
    'keeps nothing apart': 'keeps apart what is given up, and lets the next of its group through',
    'stops at what was given up': 'leaves alone what was given up when it is added again',
    'takes what was given up again': 'leaves alone what was given up when it is added again',
    'replays nothing': 'replays what was given up, as if for the first time',
    'discards nothing': 'discards what was given up',
    'never stops': 'hands out no more to a process that stops',
    'gives nothing back': 'lets another process have what was given back',
  };

  it('is fulfilled by a queue without a flaw', async () => {
    expect(await brokenBy(contract())).toEqual([]);
  });

  it.each(Object.entries(noticed))('notices a queue that %s', async (flaw, title) => {
    expect(await brokenBy(contract(flaw as QueueFlaw))).toContain(title);
  });
});

describe('tokenStoreContract', () => {
  const contract = (flaw?: StoreFlaw): readonly ContractCase[] => {
    const clock = new FakeClock();
    const make = () => new FlawedStore(clock, flaw);
    return tokenStoreContract(make, { leases: true, pass: (ms) => clock.advance(ms) });
  };
  const noticed: Record<StoreFlaw, string> = {
    'knows everything': 'knows nothing of a key it was never given',
    'keeps nothing': 'keeps a value',
    'keeps the first': 'replaces a value',
    'keeps the first lifetime': 'replaces a lifetime together with the value',
    'keeps for ever': 'keeps a value no longer than it was told to',
    'refuses short lives': 'takes a lifetime of one millisecond',
    'cuts values': 'takes keys of 64 characters and values of 16 KiB as they are',
    'ignores case': 'does not mix keys, however alike',
    'keeps a few': 'keeps many values at once',
    'never deletes': 'forgets a key, and does not mind one it does not know',
    'minds unknown keys': 'forgets a key, and does not mind one it does not know',
    'deletes for good': 'takes a value again after forgetting it',
    'leases to everybody': 'grants a lease to one of many',
    'leases one key': 'grants leases to different keys at the same time',
    'leases where nothing is stored': 'grants a lease whatever is stored under the key',
    'never takes leases back': 'grants a lease again when it was given back',
    'leases for ever': 'grants a lease again when it has ended',
    'writes without a lease': 'writes nothing with a lease that was given back',
    'takes leases back from anybody': 'takes a lease back from its holder only',
    'never takes over': 'takes a lease over from its holder',
    'takes over what is held only': 'takes over a lease that is not held',
    'takes over without an end': 'ends a lease that was taken over in its new time',
  };

  it('is fulfilled by a store without a flaw', async () => {
    expect(await brokenBy(contract())).toEqual([]);
  });

  it.each(Object.entries(noticed))('notices a store that %s', async (flaw, title) => {
    expect(await brokenBy(contract(flaw as StoreFlaw))).toContain(title);
  });
});
