import { CanceledError, type AxiosRequestConfig, type GenericAbortSignal } from 'axios';

import { WixUnavailableError } from '../../core/wix-auth.errors.js';
import { CallAbortion } from './call-abortion.js';

/** How long a call is waited for. */
interface CallLimits {
  /** May carry a `signal` and a `cancelToken`. */
  readonly config: Pick<AxiosRequestConfig, 'signal' | 'cancelToken'>;
  /** Aborted once the caller no longer waits. */
  readonly cancelled: CallAbortion | undefined;
  readonly budgetMs: number;
}

/**
 * Runs `work` until it settles, the call is canceled, or its time is up. In the latter cases the work is told to stop and
 * is not waited for.
 * Unlike `withTimeout()` it ends a call by its own signals and by the clock, since a caller's budget includes the time in
 * which this process was busy.
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
