import type { AnyWixIdentity } from '../core/identities/wix-identity.js';
import { TraceChannel } from './trace-channel.js';

/** The channels of one registration. */
export class Traces {
  readonly verify: TraceChannel<'verify'>;
  readonly mint: TraceChannel<'mint'>;
  readonly grants: TraceChannel<'grants'>;
  readonly decision: TraceChannel<'decision'>;
  readonly call: TraceChannel<'call'>;
  readonly webhook: TraceChannel<'webhook'>;
  readonly install: TraceChannel<'install'>;
  readonly store: TraceChannel<'store'>;
  readonly circuit: TraceChannel<'circuit'>;
  readonly limiter: TraceChannel<'limiter'>;
  readonly lease: TraceChannel<'lease'>;
  readonly #namesSubjects: boolean;

  /** @param namesSubjects whether users, members and visitors are named by their ids. */
  constructor(appId = '', namesSubjects = false) {
    this.verify = new TraceChannel('verify', appId);
    this.mint = new TraceChannel('mint', appId);
    this.grants = new TraceChannel('grants', appId);
    this.decision = new TraceChannel('decision', appId);
    this.call = new TraceChannel('call', appId);
    this.webhook = new TraceChannel('webhook', appId);
    this.install = new TraceChannel('install', appId);
    this.store = new TraceChannel('store', appId);
    this.circuit = new TraceChannel('circuit', appId);
    this.limiter = new TraceChannel('limiter', appId);
    this.lease = new TraceChannel('lease', appId);
    this.#namesSubjects = namesSubjects;
  }

  /** What may be published about a caller. */
  callerFacts(identity: AnyWixIdentity): CallerFacts {
    const { type: identityType, instanceId } = identity;
    return this.#namesSubjects
      ? { identityType, instanceId, subjectId: subjectIdOf(identity) }
      : { identityType, instanceId };
  }
}

/** A caller, as shown in traces and the audit. */
export interface CallerFacts {
  readonly identityType: AnyWixIdentity['type'];
  readonly instanceId: string;
  readonly subjectId?: string | undefined;
}

function subjectIdOf(identity: AnyWixIdentity): string | undefined {
  switch (identity.type) {
    case 'user':
      return identity.userId;
    case 'member':
      return identity.memberId;
    case 'visitor':
      return identity.visitorId;
    case 'app':
      return undefined;
  }
}
