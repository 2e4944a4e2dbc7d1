import type { EmulatorAnswer } from '../../webhooks/post.js';
import { RESEND_PAUSES_MS } from '../../webhooks/delivery.js';
import type { EmulatedInstall } from '../../world/emulated-install.js';
import type { AttemptView, DeliveryView, EventForgery } from '../console-api.js';

// Taken when the module loads, so that fake timers of a test do not stop the emulator.
const realSetTimeout = setTimeout;
const realClearTimeout = clearTimeout;

/** How long Wix waits for the answer to a webhook, in milliseconds. */
export const WEBHOOK_TIMEOUT_MS = 1_250;
const MAX_BODY_CHARACTERS = 2_000;

/** A webhook to deliver. */
export interface DeliveryPlan {
  readonly id: number;
  readonly install: EmulatedInstall;
  readonly type: string;
  readonly data: unknown;
  readonly url: string;
  readonly forgery: EventForgery | null;
  /** Makes one attempt. */
  readonly post: () => Promise<EmulatorAnswer>;
  /** How much faster than Wix it is sent again. */
  readonly speed: number;
  readonly now: () => number;
  /** Called after every change. */
  readonly changed: (delivery: Delivery) => void;
}

/** A webhook on its way: sent again by Wix's schedule until it is answered 200 in time. */
export class Delivery {
  readonly attempts: AttemptView[] = [];
  readonly #plan: DeliveryPlan;
  readonly #createdAt: number;
  #state: DeliveryView['state'] = 'sending';
  #nextAttemptAt: number | null = null;
  #scheduled = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(plan: DeliveryPlan) {
    this.#plan = plan;
    this.#createdAt = plan.now();
  }

  get install(): EmulatedInstall {
    return this.#plan.install;
  }

  get forgery(): EventForgery | null {
    return this.#plan.forgery;
  }

  get view(): DeliveryView {
    const { id, type, install, url, forgery, data } = this.#plan;
    const { instanceId } = install;
    const attempts = [...this.attempts];
    const facts = { createdAt: this.#createdAt, state: this.#state, nextAttemptAt: this.#nextAttemptAt };
    return { id, type, instanceId, url, forgery, attempts, data, ...facts };
  }

  /** Makes an attempt at once. Settles when it is answered. */
  async attempt(why: AttemptView['why']): Promise<void> {
    this.#unschedule();
    this.#change(this.#state === 'delivered' ? 'delivered' : 'sending');
    const startedAt = performance.now();
    const at = this.#plan.now();
    const { status, body } = await this.#plan.post();
    const ms = Math.round(performance.now() - startedAt);
    const late = ms >= WEBHOOK_TIMEOUT_MS;
    const number = this.attempts.length + 1;
    this.attempts.push({ number, why, at, ms, status, late, body: body.slice(0, MAX_BODY_CHARACTERS) });
    this.#conclude(status === 200 && !late, why);
  }

  /** Cancels the resends. */
  cancel(): void {
    this.#unschedule();
    if (this.#state !== 'delivered') this.#change('canceled');
  }

  #conclude(isTaken: boolean, why: AttemptView['why']): void {
    if (this.#state === 'canceled' || this.#state === 'delivered') {
      this.#change(this.#state);
      return;
    }
    if (isTaken) this.#change('delivered');
    else if (why !== 'duplicate') this.#schedule();
  }

  #schedule(): void {
    const pauseMs = RESEND_PAUSES_MS[this.#scheduled];
    if (pauseMs === undefined) {
      this.#change('given-up');
      return;
    }
    this.#scheduled += 1;
    const waitMs = pauseMs / this.#plan.speed;
    this.#nextAttemptAt = Math.round(this.#plan.now() + waitMs);
    realClearTimeout(this.#timer);
    this.#timer = realSetTimeout(() => void this.attempt('resend'), waitMs).unref();
    this.#change('waiting');
  }

  #unschedule(): void {
    realClearTimeout(this.#timer);
    this.#nextAttemptAt = null;
  }

  #change(state: DeliveryView['state']): void {
    this.#state = state;
    this.#plan.changed(this);
  }
}
