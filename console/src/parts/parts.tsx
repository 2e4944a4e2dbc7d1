import type { ComponentChildren, JSX } from 'preact';
import { useId, useState } from 'preact/hooks';

import { shortened, statusText, toneOf } from './words.js';

/** Why something did not work, where it did not. */
export const Problem = ({ text }: { readonly text: string | null }): JSX.Element => (
  <div role="alert">{text !== null && <p class="problem">{text}</p>}</div>
);

/** What to do when there is nothing to show yet. */
export const Empty = ({ children }: { readonly children: ComponentChildren }): JSX.Element => (
  <p class="empty">{children}</p>
);

/** A status with its word and color. */
export const Status = ({ status }: { readonly status: number | null }): JSX.Element => (
  <span class={`tag ${toneOf(status)}`}>{statusText(status)}</span>
);

/** An id, shortened in the middle; whole on hover, and copied whole. */
export const Id = ({ value, label }: { readonly value: string; readonly label: string }): JSX.Element => (
  <span class="id">
    <code title={value}>{shortened(value)}</code>
    <CopyButton label={`Copy ${label}`} text={() => Promise.resolve(value)} />
  </span>
);

/** Copies the result of `text`, and says so. */
export function CopyButton(props: {
  readonly label: string;
  readonly text: () => Promise<string>;
  readonly children?: ComponentChildren;
}): JSX.Element {
  const [said, setSaid] = useState('');
  const copy = (): void => {
    props
      .text()
      .then((text) => navigator.clipboard.writeText(text))
      .then(
        () => {
          setSaid('Copied');
        },
        () => {
          setSaid('Not copied');
        },
      );
  };
  return (
    <span class="copy">
      <button type="button" class="small" aria-label={props.label} onClick={copy}>
        {props.children ?? 'Copy'}
      </button>
      <span role="status">{said}</span>
    </span>
  );
}

/** A label and what it names. */
export function Field(props: {
  readonly label: string;
  readonly children: (id: string) => JSX.Element;
  readonly hint?: string;
}): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.children(id)}
      {props.hint !== undefined && <small>{props.hint}</small>}
    </div>
  );
}

/** A choice of texts. */
export const Select = (props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, title: string])[];
  readonly onChange: (value: string) => void;
  readonly disabled?: boolean;
}): JSX.Element => (
  <Field label={props.label}>
    {(id) => (
      <select
        id={id}
        value={props.value}
        disabled={props.disabled ?? false}
        onChange={(event) => {
          props.onChange(event.currentTarget.value);
        }}
      >
        {props.options.map(([value, title]) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    )}
  </Field>
);

/** A line of text. */
export const TextField = (props: {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'number' | 'search';
  readonly placeholder?: string;
  readonly hint?: string;
}): JSX.Element => (
  <Field label={props.label} {...(props.hint !== undefined && { hint: props.hint })}>
    {(id) => (
      <input
        id={id}
        type={props.type ?? 'text'}
        list={undefined}
        value={props.value}
        placeholder={props.placeholder}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => {
          props.onInput(event.currentTarget.value);
        }}
      />
    )}
  </Field>
);

/** Several lines of text. */
export const TextArea = (props: {
  readonly label: string;
  readonly value: string;
  readonly rows?: number;
  readonly onInput: (value: string) => void;
}): JSX.Element => (
  <Field label={props.label}>
    {(id) => (
      <textarea
        id={id}
        rows={props.rows ?? 8}
        value={props.value}
        spellcheck={false}
        onInput={(event) => {
          props.onInput(event.currentTarget.value);
        }}
      />
    )}
  </Field>
);

/** On or off. */
export const Toggle = (props: {
  readonly label: string;
  readonly isOn: boolean;
  readonly isLabelHidden?: boolean;
  readonly disabled?: boolean;
  readonly onChange: (isOn: boolean) => void;
}): JSX.Element => (
  <label class="toggle">
    <input
      type="checkbox"
      checked={props.isOn}
      disabled={props.disabled ?? false}
      aria-label={props.isLabelHidden === true ? props.label : undefined}
      onChange={(event) => {
        props.onChange(event.currentTarget.checked);
      }}
    />
    {props.isLabelHidden !== true && <span>{props.label}</span>}
  </label>
);

/** A table that scrolls within the page when it is too wide, also with the keyboard. */
export const Table = (props: {
  readonly caption: string;
  readonly head: readonly ComponentChildren[];
  readonly children: ComponentChildren;
}): JSX.Element => (
  <div class="scroll" role="region" aria-label={props.caption} tabIndex={0}>
    <table>
      <thead>
        <tr>
          {props.head.map((cell, index) => (
            <th key={index} scope="col">
              {cell}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{props.children}</tbody>
    </table>
  </div>
);

/** Text of an answer, as code. */
export const Code = ({ label, children }: { readonly label: string; readonly children: string }): JSX.Element => (
  <pre role="region" aria-label={label} tabIndex={0}>
    {children}
  </pre>
);
