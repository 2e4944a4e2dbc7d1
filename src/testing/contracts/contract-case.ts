/** One requirement of a contract: `it(title, run)` in Jest, Vitest and `node:test` alike. */
export interface ContractCase {
  /** A sentence that continues the name of what is tested. */
  readonly title: string;
  /** Fails with an `AssertionError` of `node:assert` when the requirement is not met. Takes three seconds at most. */
  readonly run: () => Promise<void>;
}

/** How a contract tests its subject. */
export interface ContractOptions {
  /**
   * Lets time pass for stores with a fake clock. Without it, the cases wait in real time: few of them take
   * longer than a quarter of a second.
   */
  readonly pass?: ((ms: number) => void | Promise<void>) | undefined;
}

/** What is tested: a new one for each case or the same for all, since every case has its own keys. */
export type Make<Tested> = () => Tested | Promise<Tested>;

/** A case that creates the subject and checks it. */
export const caseOf = <Tested>(
  title: string,
  make: Make<Tested>,
  check: (tested: Tested) => Promise<void>,
): ContractCase => ({ title, run: async () => check(await make()) });
