import { useEffect, useState } from 'preact/hooks';

/** The pages, in the order of the navigation. */
export const PAGES = [
  ['overview', 'Overview'],
  ['dashboard', 'Dashboard'],
  ['try', 'Try a request'],
  ['grants', 'Grants'],
  ['events', 'Events'],
  ['install', 'Install'],
  ['faults', 'Faults'],
  ['requests', 'Requests'],
] as const;

/** The name of a page in the address. */
export type PageName = (typeof PAGES)[number][0];

/** What the console shows. It is part of the address, so that a view can be reloaded and shared. */
export interface View {
  readonly page: PageName;
  readonly app: string | null;
  readonly site: string | null;
  readonly as: string | null;
}

/** Changes what the console shows. */
export type ChangeView = (change: Partial<View>) => void;

const viewOf = (search: string): View => {
  const query = new URLSearchParams(search);
  const page = PAGES.find(([name]) => name === query.get('page'))?.[0] ?? 'overview';
  return { page, app: query.get('app'), site: query.get('site'), as: query.get('as') };
};

/** The address of a view. */
export const addressOf = ({ page, app, site, as }: View): string => {
  const parts = Object.entries({ page, app, site, as }).filter((part): part is [string, string] => part[1] !== null);
  return `?${new URLSearchParams(parts).toString()}`;
};

/** The view in the address, and how to change it. Back and forward of the browser work. */
export function useView(): readonly [View, ChangeView] {
  const [view, setView] = useState(() => viewOf(location.search));
  useEffect(() => {
    const follow = (): void => {
      setView(viewOf(location.search));
    };
    addEventListener('popstate', follow);
    return () => {
      removeEventListener('popstate', follow);
    };
  }, []);
  const change: ChangeView = (part) => {
    setView((before) => {
      const next = { ...before, ...part };
      history[next.page === before.page ? 'replaceState' : 'pushState'](null, '', addressOf(next));
      return next;
    });
  };
  return [view, change];
}
