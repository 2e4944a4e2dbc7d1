import type { EmulatorAnswer } from './post.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long Wix waits before each resend. */
export const RESEND_PAUSES_MS: readonly number[] = [
  MINUTE_MS,
  10 * MINUTE_MS,
  ...[1, 2, 2, 2, 4, 4, 4, 8, 8, 12].map((hours) => hours * HOUR_MS),
];

// Taken when the module loads, so that fake timers of a test do not stop the emulator.
const realSetTimeout = setTimeout;

/** How a webhook is delivered. */
export interface DeliveryPlan {
  /** One attempt. */
  readonly attempt: () => Promise<EmulatorAnswer>;
  /** How many times to send again: 12 at Wix. */
  readonly retries: number;
  /** How much faster than real time the pauses pass. */
  readonly speed: number;
  /** Whether nothing is to be sent any more. */
  readonly isOver: () => boolean;
}

/** A webhook on its way, with every answer it got. */
export class WebhookDelivery {
  /** The body that is sent: a signed token. */
  readonly body: string;
  /** The answers so far, oldest first; `status: 0` where none came within 1250 ms. */
  readonly attempts: EmulatorAnswer[] = [];
  /** The first answer. */
  readonly first: Promise<EmulatorAnswer>;
  /** Whether it was answered 200 in the end, once that is known. */
  readonly delivered: Promise<boolean>;

  constructor(body: string, plan: DeliveryPlan) {
    this.body = body;
    this.first = this.#attempt(plan);
    this.delivered = this.#deliver(plan);
  }

  async #deliver(plan: DeliveryPlan): Promise<boolean> {
    let answer = await this.first;
    for (const pauseMs of RESEND_PAUSES_MS.slice(0, plan.retries)) {
      if (answer.status === 200 || plan.isOver()) break;
      await new Promise((resolve) => realSetTimeout(resolve, pauseMs / plan.speed));
      answer = await this.#attempt(plan);
    }
    return answer.status === 200;
  }

  async #attempt(plan: DeliveryPlan): Promise<EmulatorAnswer> {
    const answer = await plan.attempt();
    this.attempts.push(answer);
    return answer;
  }
}
