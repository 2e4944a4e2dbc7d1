/** The processor time this process has used so far, in milliseconds: its own and the system's on its behalf. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
