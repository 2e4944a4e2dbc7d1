/** Waits so many milliseconds, by the global timer, which tests can fake. @param ref keeps the process alive. */
export function pause(ms: number, { ref = true } = {}): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    if (!ref) timer.unref();
  });
}
