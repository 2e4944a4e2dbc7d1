import type { WixClock } from '../core/clock.js';
import { textOf } from '../core/json.js';
import { WixInstanceUnknownError, WixUnavailableError } from '../core/wix-auth.errors.js';
import { instanceIdFromWix, type WixInstanceId } from '../core/wix-instance-id.js';
import { describeAnswer, type WixAnswer } from '../http/wix-answer.js';
import type { SharedNews } from '../store/shared-news.js';
import type { AppQuestions } from './app-questions.js';
import { KeptAnswers } from './kept-answers.js';
import { wixInstanceIn, type WixInstance } from './wix-instance.js';

const FORGOTTEN = 'installations forgotten';

/** What Wix says of installations (Get App Instance, https://dev.wix.com/docs/rest/app-management/app-instance), kept. */
export class WixInstances {
  readonly #questions: AppQuestions;
  readonly #news: SharedNews;
  readonly #clock: WixClock;
  readonly #kept: KeptAnswers<WixInstance>;

  constructor(questions: AppQuestions, news: SharedNews, clock: WixClock, settings: { readonly ttlMs: number }) {
    this.#questions = questions;
    this.#news = news;
    this.#clock = clock;
    this.#kept = new KeptAnswers(clock, settings.ttlMs);
    news.on(FORGOTTEN, (body) => this.#kept.forget(instanceIdFromWix(textOf(body, 'instanceId') ?? '')));
  }

  /**
   * What Wix says of an installation; for a while, what it said before.
   *
   * @throws {@link WixInstanceUnknownError} when the app is not installed there.
   * @throws {@link WixUnavailableError} when Wix cannot be asked.
   */
  of(instanceId: WixInstanceId): Promise<WixInstance> {
    return this.#kept.get(instanceId, instanceId, () => this.#ask(instanceId));
  }

  /** The same, asked anew. */
  now(instanceId: WixInstanceId): Promise<WixInstance> {
    this.#kept.forget(instanceId);
    return this.#kept.get(instanceId, instanceId, () => this.#ask(instanceId), this.#clock.nowMs());
  }

  /** Forgets what is known of an installation: here at once, and in the other processes. */
  async forget(instanceId: WixInstanceId): Promise<void> {
    this.#kept.forget(instanceId);
    await this.#news.tell(FORGOTTEN, { instanceId });
  }

  async #ask(instanceId: WixInstanceId): Promise<WixInstance> {
    const answer = await this.#questions.get(instanceId, '/apps/v1/instance');
    const instance = answer.status === 200 && answer.body !== undefined ? wixInstanceIn(answer.body) : undefined;
    return instance ?? raise(answer, instanceId);
  }
}

function raise(answer: WixAnswer, instanceId: WixInstanceId): never {
  throw answer.status === 404 && answer.body !== undefined
    ? new WixInstanceUnknownError(`Wix knows no installation ${instanceId} of this app.`, answer)
    : new WixUnavailableError(`Wix did not describe the installation (${describeAnswer(answer)}).`, answer);
}
