import { CanceledError, type AxiosRequestConfig, type GenericAbortSignal } from 'axios';

import { WixUnavailableError } from '../../core/wix-auth.errors.js';
import { CallAbortion } from './call-abortion.js';

/** Until when the answer of a call is wanted. */
interface CallLimits {
  /** May carry a `signal` and a `cancelToken`. */
  readonly config: Pick<AxiosRequestConfig, 'signal' | 'cancelToken'>;
  /** Tells that nobody listens any more. */
  readonly cancelled: CallAbortion | undefined;
  readonly budgetMs: number;
}

/**
 * What the work comes to, as long as that is wanted. When the call is cancelled or its time is up, the work is told to
 * stop, and nobody waits for it.
 *
 * @throws {@link CanceledError}, or {@link WixUnavailableError} when the time is up.
 */
export async function withDeadline<Answer>(
  limits: CallLimits,
  work: (abortion: CallAbortion) => Promise<Answer>,
): Promise<Answer> {
  if (signalsIn(limits).some(({ aborted }) => aborted)) throw new CanceledError();
  return new Promise((resolve, reject) => {
    const abortion = new CallAbortion();
    const stopWatching = watch(limits, (reason) => {
      reject(reason);
      abortion.abort();
    });
    work(abortion).then(resolve, reject).finally(stopWatching);
  });
}

function watch(limits: CallLimits, end: (reason: Error) => void): () => void {
  const { config, budgetMs } = limits;
  const cancel = (): void => end(new CanceledError());
  const timer = setTimeout(() => end(outOfTime(budgetMs)), budgetMs);
  const signals = signalsIn(limits);
  for (const signal of signals) signal.addEventListener?.('abort', cancel);
  config.cancelToken?.subscribe(cancel);
  return () => {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener?.('abort', cancel);
    config.cancelToken?.unsubscribe(cancel);
  };
}

const signalsIn = ({ config: { signal }, cancelled }: CallLimits): readonly GenericAbortSignal[] =>
  [signal, cancelled].filter((each) => each !== undefined);

const outOfTime = (budgetMs: number): WixUnavailableError =>
  new WixUnavailableError(`Wix did not answer within ${String(budgetMs)} ms.`);
