import { onWixTrace } from 'nestjs-wix-auth';

/** Counts mints by app until it is ended. */
export function countMints(mints: Map<string, number>): () => void {
  return onWixTrace('mint', ({ appId, from }) => {
    if (from === 'wix') mints.set(appId, (mints.get(appId) ?? 0) + 1);
  });
}
