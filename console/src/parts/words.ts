import { STATUS_WORDS } from './status-words.js';

/** An id with its middle left out. */
export const shortened = (id: string): string => (id.length > 13 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id);

/** The time of day. */
export const timeOf = (ms: number): string => new Date(ms).toLocaleTimeString('en-GB');

/** How long ago, in words. */
export function ago(ms: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - ms) / 1_000));
  if (seconds < 60) return `${String(seconds)} s ago`;
  return seconds < 3_600 ? `${String(Math.floor(seconds / 60))} min ago` : `at ${timeOf(ms)}`;
}

/** A status with its meaning, so that color is never alone. */
export function statusText(status: number | null): string {
  if (status === null) return 'waiting';
  return status === 0 ? 'no answer' : `${String(status)} ${STATUS_WORDS[status] ?? ''}`.trim();
}

/** The tone in which a status is shown. */
export function toneOf(status: number | null): 'good' | 'bad' | 'warn' | 'idle' {
  if (status === null) return 'idle';
  if (status >= 200 && status < 400) return 'good';
  return status === 0 || status >= 500 ? 'bad' : 'warn';
}

/** JSON as people read it; other texts as they are. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
