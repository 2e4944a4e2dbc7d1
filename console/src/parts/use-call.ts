import { useCallback, useEffect, useState } from 'preact/hooks';

/** What a page read, and why it could not. */
export interface Answer<T> {
  readonly data: T | null;
  readonly problem: string | null;
  readonly reload: () => void;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : 'Something went wrong.');

/** Reads once, and again whenever one of `inputs` changes. `null` in place of `read` reads nothing. */
export function useAnswer<T>(read: (() => Promise<T>) | null, inputs: readonly unknown[]): Answer<T> {
  const [answer, setAnswer] = useState<Pick<Answer<T>, 'data' | 'problem'>>({ data: null, problem: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    const take = (next: Pick<Answer<T>, 'data' | 'problem'>): void => {
      if (isCurrent) setAnswer(next);
    };
    if (read === null) take({ data: null, problem: null });
    else {
      read().then(
        (data) => {
          take({ data, problem: null });
        },
        (error: unknown) => {
          take({ data: null, problem: textOf(error) });
        },
      );
    }
    return () => {
      isCurrent = false;
    };
  }, [round, ...inputs]);
  return {
    ...answer,
    reload: useCallback(() => {
      setRound((before) => before + 1);
    }, []),
  };
}

/** Something that a button does. */
export interface Action {
  readonly isBusy: boolean;
  readonly problem: string | null;
  readonly run: (work: () => Promise<unknown>) => void;
}

/** Runs one thing at a time, and says why it failed. */
export function useAction(): Action {
  const [state, setState] = useState<Omit<Action, 'run'>>({ isBusy: false, problem: null });
  const run = (work: () => Promise<unknown>): void => {
    setState({ isBusy: true, problem: null });
    work().then(
      () => {
        setState({ isBusy: false, problem: null });
      },
      (error: unknown) => {
        setState({ isBusy: false, problem: textOf(error) });
      },
    );
  };
  return { ...state, run };
}
