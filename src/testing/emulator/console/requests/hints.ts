import type { HintView } from '../console-api.js';
import type { JournalEntry } from './journal-entry.js';

/** A pattern that wastes requests, and from how many on it is reported. */
interface Habit {
  readonly path: string;
  readonly from: number;
  /** What repeated requests have in common, or `undefined` for requests without the pattern. */
  readonly key: (entry: JournalEntry) => string | undefined;
  readonly text: (count: number) => string;
}

const habits: readonly Habit[] = [
  {
    path: '/oauth2/token-info',
    from: 5,
    key: ({ tokenDigest }) => tokenDigest,
    text: (count) =>
      `token-info asked ${count.toString()} times for one token: what it said may be trusted for a minute.`,
  },
  {
    path: '/oauth2/token',
    from: 3,
    key: ({ request, caller }) =>
      request.grantType === 'client_credentials' ? (caller?.instanceId ?? 'none') : undefined,
    text: (count) => `An app token made ${count.toString()} times for one installation: each one is good for 4 hours.`,
  },
  {
    path: '/apps/v1/instance',
    from: 5,
    key: ({ caller }) => caller?.instanceId ?? undefined,
    text: (count) =>
      `Get App Instance asked ${count.toString()} times for one installation: grants change rarely, and events tell of it.`,
  },
  {
    path: '/roles-management/v2/contributors/query',
    from: 5,
    key: ({ caller }) => caller?.instanceId ?? undefined,
    text: (count) => `The contributors of one site queried ${count.toString()} times: roles change rarely.`,
  },
];

/** What would be cheaper, in one line each. */
export const hintsOf = (entries: readonly JournalEntry[]): readonly HintView[] =>
  [...habits, repeatedRefusal].flatMap((habit) => hintsOfHabit(habit, entries));

// Wix's answer to the same call does not change when it is repeated.
const repeatedRefusal: Habit = {
  path: '*',
  from: 3,
  key: ({ request, view }) =>
    view.status === 401 || view.status === 403
      ? `${request.method} ${request.path} ${view.status.toString()}`
      : undefined,
  text: (count) => `The same call refused ${count.toString()} times: see its note.`,
};

function hintsOfHabit({ path, from, key, text }: Habit, entries: readonly JournalEntry[]): readonly HintView[] {
  const groups = new Map<string, JournalEntry[]>();
  for (const entry of entries) {
    const group = path === '*' || entry.request.path === path ? key(entry) : undefined;
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  return [...groups.values()]
    .filter(({ length }) => length >= from)
    .map((group) => {
      const [first] = group;
      const shown = first?.request.path ?? path;
      return {
        id: `${path} ${(first?.view.id ?? 0).toString()}`,
        text: text(group.length),
        count: group.length,
        path: shown,
      };
    });
}
