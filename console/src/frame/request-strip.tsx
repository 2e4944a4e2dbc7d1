import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { RequestTable } from '../parts/request-table.jsx';
import { useConsole } from '../world.js';

const SHOWN = 5;

/** What the app asked Wix last, on every page but the one that shows all of it. */
export function RequestStrip(): JSX.Element | null {
  const { world, view, changeView } = useConsole();
  const [isOpen, setIsOpen] = useState(true);
  if (view.page === 'requests') return null;
  return (
    <footer>
      <button
        type="button"
        class="small"
        aria-expanded={isOpen}
        onClick={() => {
          setIsOpen(!isOpen);
        }}
      >
        Requests to Wix ({world.requests.length})
      </button>
      <button
        type="button"
        class="small"
        onClick={() => {
          changeView({ page: 'requests' });
        }}
      >
        Show all
      </button>
      {isOpen && <RequestTable caption="Latest requests to Wix" requests={world.requests.slice(-SHOWN)} />}
    </footer>
  );
}
