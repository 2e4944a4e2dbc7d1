import { jest } from '@jest/globals';

import { WixInstanceUnknownError, WixUnavailableError } from '../../../../src/core/wix-auth.errors.js';
import { instanceIdFromWix } from '../../../../src/core/identities/wix-instance-id.js';
import type { WixInstance } from '../../../../src/grants/instances/wix-instance.js';
import { NamedInstances } from '../../../../src/install/flows/named-instances.js';
import { FakeClock } from '../../../support/fake-clock.js';

const ID = instanceIdFromWix('12345678-1234-4234-8234-123456789012');
const AGAIN_AFTER_MS = 30_000;

describe('NamedInstances', () => {
  const clock = new FakeClock();
  const instance = { instanceId: ID } as WixInstance;
  const ask = jest.fn(() => Promise.resolve(instance));
  const drop = jest.fn(() => Promise.resolve());
  const accept = () => undefined;
  const refuse = () => {
    throw new Error('another site');
  };
  let named: NamedInstances;

  beforeEach(() => {
    jest.clearAllMocks();
    named = new NamedInstances(ask, drop, clock);
  });

  it('asks once in thirty seconds, and drops what is cached once', async () => {
    await Promise.all([named.of(ID, accept), named.of(ID, accept), named.of(ID, accept)]);
    clock.advance(AGAIN_AFTER_MS - 1);
    await named.of(ID, accept);
    expect([ask.mock.calls.length, drop.mock.calls.length]).toEqual([1, 1]);

    clock.advance(1);
    await named.of(ID, accept);
    expect([ask.mock.calls.length, drop.mock.calls.length]).toEqual([2, 2]);
  });

  it('drops nothing for a callback with a claim that Wix does not confirm', async () => {
    await expect(named.of(ID, refuse)).rejects.toThrow('another site');
    expect(drop).not.toHaveBeenCalled();
    await named.of(ID, accept);
    expect([ask.mock.calls.length, drop.mock.calls.length]).toEqual([1, 1]);
  });

  it('remembers that there is no such installation, and not that Wix was unavailable', async () => {
    ask.mockRejectedValueOnce(new WixUnavailableError('down'));
    await expect(named.of(ID, accept)).rejects.toMatchObject({ code: 'WIX_UNAVAILABLE' });
    ask.mockRejectedValueOnce(new WixInstanceUnknownError('unknown'));
    await expect(named.of(ID, accept)).rejects.toMatchObject({ code: 'WIX_INSTANCE_UNKNOWN' });
    await expect(named.of(ID, accept)).rejects.toMatchObject({ code: 'WIX_INSTANCE_UNKNOWN' });
    expect(ask).toHaveBeenCalledTimes(2);
  });
});
