/** How lines are written: as text, or as objects. */
export type LogFormat = 'text' | 'json';
