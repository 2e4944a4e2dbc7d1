import { RefreshTokenStore } from 'nestjs-wix-auth';
import { refreshTokenStoreContract } from 'nestjs-wix-auth/testing';

const flaws = {
  'knows everything': 'knows nothing it was not told',
  'keeps nothing': 'keeps a value where there was none',
  'keeps the first': 'replaces the expected value',
  'replaces anything': 'leaves a value that is not the expected one',
  'takes nothing for anything': 'expects nothing where there is nothing',
  'looks before it writes': 'lets one of many win',
  'ignores case': 'does not mix keys, however alike',
  'cuts values': 'takes values of 16 KiB as they are',
} as const;

class FlawedStore extends RefreshTokenStore {
  override readonly forgetsOnRestart = true;
  readonly #values = new Map<string, string>();

  constructor(private readonly flaw?: keyof typeof flaws) {
    super();
  }

  override get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.#values.get(this.#nameOf(key)) ?? (this.flaw === 'knows everything' ? '' : undefined));
  }

  override async replace(key: string, expected: string | undefined, value: string): Promise<boolean> {
    const present = this.#values.get(this.#nameOf(key));
    if (this.flaw === 'looks before it writes') await Promise.resolve();
    if (!this.#isExpected(present, expected)) return false;
    if (this.flaw !== 'keeps nothing' && !(this.flaw === 'keeps the first' && present !== undefined)) {
      this.#values.set(this.#nameOf(key), this.flaw === 'cuts values' ? value.slice(0, 4_096) : value);
    }
    return true;
  }

  #isExpected(present: string | undefined, expected: string | undefined): boolean {
    if (this.flaw === 'replaces anything') return true;
    if (this.flaw === 'takes nothing for anything' && present === undefined) return true;
    return present === expected;
  }

  #nameOf(key: string): string {
    return this.flaw === 'ignores case' ? key.toLowerCase() : key;
  }
}

const brokenBy = async (flaw?: keyof typeof flaws): Promise<string[]> => {
  const cases = refreshTokenStoreContract(() => new FlawedStore(flaw));
  const outcomes = await Promise.allSettled(cases.map(({ run }) => run()));
  return cases.filter((_, index) => outcomes[index]?.status === 'rejected').map(({ title }) => title);
};

describe('refreshTokenStoreContract', () => {
  it('is fulfilled by a store without a flaw', async () => {
    expect(await brokenBy()).toEqual([]);
  });

  it.each(Object.entries(flaws))('notices a store that %s', async (flaw, title) => {
    expect(await brokenBy(flaw as keyof typeof flaws)).toContain(title);
  });
});
