import type { AuthEvents } from '../../core/auth-events.js';
import { failureReason } from '../../core/failure-reason.js';
import type { GracefulShutdown } from '../../core/concurrency/graceful-shutdown.js';
import { WorkInProgress } from '../../core/concurrency/work-in-progress.js';
import { NoAccessAudit, type AccessAudit, type WixAccessDecision } from './access-audit.js';

const MAX_UNFINISHED = 1_000;

/** Which decisions are audited. */
export type AuditedDecisions = 'refusals' | 'all';

/** Passes decisions to the application's audit; nothing that happens there changes an answer. */
export class AuditTrail {
  /** Whether refusals are audited. */
  readonly hearsRefusals: boolean;
  /** Whether allowed calls are audited. */
  readonly hearsAllowed: boolean;
  readonly #audit: AccessAudit;
  readonly #events: AuthEvents;
  readonly #unfinished = new WorkInProgress();
  #count = 0;

  constructor(
    audit: AccessAudit,
    audited: AuditedDecisions,
    events: AuthEvents,
    shutdown?: Pick<GracefulShutdown, 'add'>,
  ) {
    this.hearsRefusals = !(audit instanceof NoAccessAudit);
    this.hearsAllowed = this.hearsRefusals && audited === 'all';
    this.#audit = audit;
    this.#events = events;
    shutdown?.add({ idle: () => this.#unfinished.idle() });
  }

  /** Passes on a decision. Never throws, and does not wait. */
  record(decision: WixAccessDecision): void {
    if (this.#count >= MAX_UNFINISHED) this.#events.emit('auditDropped', { unfinished: this.#count });
    else this.#handOver(Object.freeze(decision));
  }

  #handOver(decision: WixAccessDecision): void {
    try {
      const unfinished: unknown = this.#audit.decided(decision);
      if (isPromise(unfinished)) void this.#finish(unfinished);
    } catch (error) {
      this.#failed(error);
    }
  }

  async #finish(unfinished: PromiseLike<unknown>): Promise<void> {
    this.#count += 1;
    try {
      await this.#unfinished.run(
        () => 'the audit of a decision',
        async () => unfinished,
      );
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#count -= 1;
    }
  }

  #failed(error: unknown): void {
    this.#events.emit('auditFailed', { reason: failureReason(error) });
  }
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
