/** Lets so many milliseconds pass, by the global timer, which tests can fake. @param ref holds the process open. */
export function pause(ms: number, { ref = true } = {}): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    if (!ref) timer.unref();
  });
}
