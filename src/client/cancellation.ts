import type { AxiosRequestConfig, GenericAbortSignal } from 'axios';
import { fromEventPattern, merge, of, type Observable } from 'rxjs';

/** Emits when nobody wants the answer of a call any more: by its `signal`, its `cancelToken`, or by `abortion`. */
export function cancellationOf(
  { signal, cancelToken }: AxiosRequestConfig,
  abortion?: GenericAbortSignal,
): Observable<unknown> {
  const signals = [signal, abortion].filter((each) => each !== undefined).map(abortionOf);
  return cancelToken === undefined ? merge(...signals) : merge(...signals, cancelToken.promise);
}

function abortionOf(signal: GenericAbortSignal): Observable<unknown> {
  if (signal.aborted) return of(true);
  return fromEventPattern(
    (abort) => void signal.addEventListener?.('abort', abort),
    (abort) => void signal.removeEventListener?.('abort', abort),
  );
}
