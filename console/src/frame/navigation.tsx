import type { JSX } from 'preact';

import { addressOf, PAGES } from '../view.js';
import { useConsole } from '../world.js';

/** The pages. Always shows how many faults are on. */
export function Navigation(): JSX.Element {
  const { view, changeView, world } = useConsole();
  const faults = world.faults.length;
  return (
    <nav aria-label="Pages">
      <ul>
        {PAGES.map(([page, title]) => (
          <li key={page}>
            <a
              href={addressOf({ ...view, page })}
              aria-current={view.page === page ? 'page' : undefined}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                changeView({ page });
              }}
            >
              {title}
              {page === 'faults' && faults > 0 && <span class="count">● {faults} on</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
