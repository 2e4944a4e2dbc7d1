import { AuthEvents, type AuthEventMap } from '../../../../src/core/auth-events.js';
import { EndpointCircuit, type CircuitFailure } from '../../../../src/http/limits/endpoint-circuit.js';
import { FakeClock } from '../../../support/fake-clock.js';

const FAILURE: CircuitFailure = { reason: 'HTTP 503', requestId: '17.4', retryAfterMs: undefined };

describe('EndpointCircuit', () => {
  let clock: FakeClock;
  let circuit: EndpointCircuit;
  let heard: (AuthEventMap['circuitOpened'] | AuthEventMap['circuitClosed'])[];

  beforeEach(() => {
    clock = new FakeClock();
    heard = [];
    const events = new AuthEvents();
    events.on('circuitOpened', (event) => heard.push(event));
    events.on('circuitClosed', (event) => heard.push(event));
    circuit = new EndpointCircuit({ endpoint: '/oauth2/token', lane: 'control' }, clock, events);
  });

  const fail = (installation: string, failure = FAILURE): void => {
    const { isProbe } = circuit.enter();
    circuit.failed(installation, isProbe, failure);
  };
  const open = (failure = FAILURE): void =>
    ['one', 'two', 'three', 'one', 'two'].forEach((name) => fail(name, failure));
  /** Whether a request passes. */
  const passes = (): boolean => circuit.refuse() === undefined;

  it('opens after 5 failures in a row of at least 3 installations, and reports it once', () => {
    ['one', 'two', 'three', 'one'].forEach((name) => fail(name));
    expect(passes()).toBe(true);
    fail('two');

    expect(passes()).toBe(false);
    expect(heard).toEqual([{ endpoint: '/oauth2/token', lane: 'control', reason: 'HTTP 503', requestId: '17.4' }]);
  });

  it('does not open for failures of one or two installations only', () => {
    for (let index = 0; index < 50; index += 1) fail(`installation ${String(index % 2)}`);

    expect(passes()).toBe(true);
    expect(heard).toEqual([]);
  });

  it('starts counting again with every answer', () => {
    ['one', 'two', 'three', 'four'].forEach((name) => fail(name));
    circuit.succeeded();
    ['one', 'two', 'three', 'four'].forEach((name) => fail(name));

    expect(passes()).toBe(true);
  });

  it('refuses as an outage, and says when to retry', () => {
    open();

    expect(circuit.refuse()).toMatchObject({ code: 'WIX_UNAVAILABLE', retryAfterMs: 1_000, isOutage: true });
  });

  it('lets one probe through at a time: after 1, 2, 4, 5 and 5 seconds', () => {
    open();
    for (const waitMs of [1_000, 2_000, 4_000, 5_000, 5_000]) {
      clock.advance(waitMs - 1);
      expect(passes()).toBe(false);
      clock.advance(1);
      const { isProbe } = circuit.enter();
      expect(isProbe).toBe(true);
      expect(passes()).toBe(false);
      circuit.failed('one', isProbe, FAILURE);
    }
  });

  it('waits with the probe for a Retry-After, at most a minute', () => {
    open({ ...FAILURE, retryAfterMs: 30_000 });
    clock.advance(29_999);
    expect(passes()).toBe(false);
    clock.advance(1);
    fail('one', { ...FAILURE, retryAfterMs: 600_000 });
    clock.advance(59_999);
    expect(passes()).toBe(false);
    clock.advance(1);

    expect(passes()).toBe(true);
  });

  it('closes with one answer, and says how long it lasted and how many were refused', () => {
    open();
    for (let index = 0; index < 2_000; index += 1) circuit.refuse();
    clock.advance(42_000);
    circuit.enter();
    circuit.succeeded();

    expect(passes()).toBe(true);
    expect(heard[1]).toEqual({ endpoint: '/oauth2/token', lane: 'control', lastedMs: 42_000, refused: 2_000 });
    expect(heard).toHaveLength(2);
  });

  it('is not kept open by requests that were sent before it opened', () => {
    open();
    circuit.failed('late', false, { ...FAILURE, retryAfterMs: 60_000 });
    clock.advance(1_000);

    expect(passes()).toBe(true);
  });
});
