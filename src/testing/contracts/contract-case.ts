/** One promise of a contract: `it(title, run)` in Jest, Vitest and `node:test` alike. */
export interface ContractCase {
  /** A sentence that continues the name of what is tested. */
  readonly title: string;
  /** Fails with an `AssertionError` of `node:assert` when the promise is broken. Takes three seconds at most. */
  readonly run: () => Promise<void>;
}

/** How a contract deals with what it tests. */
export interface ContractOptions {
  /**
   * Lets time pass for stores whose clock is a fake. Without it they are watched in real time: few of the cases take
   * longer than a quarter of a second.
   */
  readonly pass?: ((ms: number) => void | Promise<void>) | undefined;
}

/** What is tested: a new one for each case or the same for all, since every case has keys of its own. */
export type Make<Tested> = () => Tested | Promise<Tested>;

/** The case in which something new is made and looked at. */
export const caseOf = <Tested>(
  title: string,
  make: Make<Tested>,
  check: (tested: Tested) => Promise<void>,
): ContractCase => ({ title, run: async () => check(await make()) });
