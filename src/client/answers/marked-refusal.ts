import { REFUSAL } from '../../core/marks.js';
import { isJsonObject } from '../../core/values/json.js';
import type { WixApiAnswer } from './wix-api.error.js';

/** Notes on an object of an answer what the whole answer says, hidden from code that does not look for it. */
export function markRefusal(part: unknown, answer: WixApiAnswer): void {
  if (typeof part === 'object' && part !== null) Object.defineProperty(part, REFUSAL, { value: answer });
}

/** What {@link markRefusal} noted, in whatever copy of this package. */
export function markedRefusal(part: unknown): WixApiAnswer | undefined {
  const answer: unknown = typeof part === 'object' && part !== null ? Reflect.get(part, REFUSAL) : undefined;
  return isJsonObject(answer) ? (answer as unknown as WixApiAnswer) : undefined;
}
