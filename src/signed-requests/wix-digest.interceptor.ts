import { Injectable, Optional, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, concatMap, from, lastValueFrom, throwError, type Observable } from 'rxjs';

import { DIGEST_CLAIM } from '../core/marks.js';
import { missingRegistration } from '../nest/missing-registration.js';
import type { DigestClaim, VerifiedDigest } from './digest-claims.js';
import { WixSignedRequestService } from './wix-signed-request.service.js';

/** Lets the handler run for a digest that counts once, if it was not used before. Runs after all guards. */
@Injectable()
export class WixDigestInterceptor implements NestInterceptor {
  readonly #requests: WixSignedRequestService | undefined;

  constructor(@Optional() requests?: WixSignedRequestService) {
    this.#requests = requests;
  }

  async intercept(context: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    const digest = takenFrom(context.switchToHttp().getRequest<object>());
    return digest === undefined ? next.handle() : answered(await this.#claim(context, digest), next);
  }

  #claim(context: ExecutionContext, digest: VerifiedDigest): Promise<DigestClaim> {
    const requests = this.#requests;
    if (requests === undefined) throw missingRegistration(this);
    return requests.decisions.decidedLater(context, () => requests.claimDigest(digest));
  }
}

// Where a class and its method both say that it counts once, the first of their interceptors claims it.
function takenFrom(request: object): VerifiedDigest | undefined {
  const digest = Reflect.get(request, DIGEST_CLAIM) as VerifiedDigest | undefined;
  Reflect.deleteProperty(request, DIGEST_CLAIM);
  return digest;
}

// Recorded before the answer leaves. What cannot be recorded was still done: another answer would have it done again.
const answered = (claim: DigestClaim, next: CallHandler<unknown>): Observable<unknown> =>
  from(lastValueFrom(next.handle(), { defaultValue: undefined })).pipe(
    concatMap(async (answer) => {
      await claim.complete();
      return answer;
    }),
    catchError((error: unknown) => from(claim.release()).pipe(concatMap(() => throwError(() => error)))),
  );
