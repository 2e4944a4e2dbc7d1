import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { Problem, TextField } from '../parts/parts.jsx';
import { saveRunKey } from '../run-key.js';

/** Asks for the key of this run. */
export function KeyForm(props: { readonly problem?: string; readonly onKey: (key: string) => void }): JSX.Element {
  const [key, setKey] = useState('');
  return (
    <main class="key-form">
      <h1>Wix emulator</h1>
      <p>Open the whole address that the program printed in the terminal, or paste the key that follows “key=”.</p>
      <Problem text={props.problem ?? null} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          saveRunKey(key.trim());
          props.onKey(key.trim());
        }}
      >
        <TextField label="Key of this run" value={key} onInput={setKey} />
        <button type="submit">Open the console</button>
      </form>
    </main>
  );
}
