import { onWixTrace } from 'nestjs-wix-auth';

import type { GuardSettings } from '../guard-settings.js';
import type { Protection } from '../protection.js';
import { protection as ours } from './ours.js';

/** The same while something counts what is verified and decided, as metrics do. */
export function protection(settings: GuardSettings): Protection {
  const counts = new Map<string, number>();
  const count = ({ outcome }: { readonly outcome: string }): unknown =>
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  onWixTrace('verify', count);
  onWixTrace('decision', count);
  return ours(settings);
}
