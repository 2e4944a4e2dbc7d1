/** Lets one line pass per interval and key, and then reports how many were suppressed. */
export class LineThrottle {
  readonly #windows = new Map<string, Window>();

  /** Writes the text now, or counts it and writes the latest one with the count when the interval is over. */
  write(key: string, text: string, intervalMs: number, write: (text: string, count?: number) => void): void {
    const window = this.#windows.get(key);
    if (window === undefined) {
      write(text);
      this.#open(key, intervalMs, write);
    } else {
      window.suppressed += 1;
      window.text = text;
    }
  }

  /** Writes what was counted so far, and ends all intervals. */
  flush(): void {
    for (const [key, window] of this.#windows) {
      clearTimeout(window.timer);
      this.#windows.delete(key);
      writeCount(window);
    }
  }

  #open(key: string, intervalMs: number, write: (text: string, count?: number) => void): void {
    const timer = setTimeout(() => this.#close(key, intervalMs), intervalMs);
    timer.unref();
    this.#windows.set(key, { timer, write, text: '', suppressed: 0 });
  }

  #close(key: string, intervalMs: number): void {
    const window = this.#windows.get(key);
    this.#windows.delete(key);
    // The line that tells the count is the one of the next interval.
    if (window !== undefined && writeCount(window)) this.#open(key, intervalMs, window.write);
  }
}

interface Window {
  readonly timer: NodeJS.Timeout;
  readonly write: (text: string, count?: number) => void;
  text: string;
  suppressed: number;
}

function writeCount({ text, suppressed, write }: Window): boolean {
  if (suppressed > 0) write(`${text} (${String(suppressed)} more since the last line about this)`, suppressed);
  return suppressed > 0;
}
