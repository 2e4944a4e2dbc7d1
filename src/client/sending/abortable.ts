import { Observable } from 'rxjs';

import { CallAbortion } from './call-abortion.js';

/** A request as a cold Observable: each subscription sends one, and unsubscribing before the answer aborts it. */
export const abortable = <Answer>(send: (abortion: CallAbortion) => Promise<Answer>): Observable<Answer> =>
  new Observable((subscriber) => {
    const abortion = new CallAbortion();
    let isAnswered = false;
    send(abortion).then(
      (answer) => {
        // Before the answer is handed on: completing unsubscribes, and aborting now would cut a streamed body.
        isAnswered = true;
        subscriber.next(answer);
        subscriber.complete();
      },
      (error: unknown) => {
        isAnswered = true;
        subscriber.error(error);
      },
    );
    return () => {
      if (!isAnswered) abortion.abort();
    };
  });
